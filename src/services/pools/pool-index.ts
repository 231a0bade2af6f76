// Pools in memory, by name, uid and retry key. Both stores serve their reads from one; the stream has its own.
import { retryRecordOf } from './retry-record.ts';
import type { Pool } from './pool.ts';

export class PoolIndex {
  readonly #byName = new Map<string, Pool>();
  readonly #byUid = new Map<string, Pool>();
  readonly #byRetryKey = new Map<string, Pool>();
  #sorted: readonly Pool[] | undefined;

  get(name: string): Pool | undefined {
    return this.#byName.get(name);
  }

  getByUid(uid: string): Pool | undefined {
    return this.#byUid.get(uid);
  }

  /** The pool that a request with this key created. */
  getByRetryKey(key: string): Pool | undefined {
    return this.#byRetryKey.get(key);
  }

  /** Ordered by name; the same array while nothing changes. */
  list(): readonly Pool[] {
    this.#sorted ??= [...this.#byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
    return this.#sorted;
  }

  /** Replaces the snapshot of the same name. */
  put(pool: Pool): void {
    const sorted = this.#sorted;
    const known = this.#byName.get(pool.name);
    if (known !== undefined) this.remove(known);
    this.#byName.set(pool.name, pool);
    this.#byUid.set(pool.uid, pool);
    this.#putRetryKey(pool);
    // In its old place: sorting thousands of pools again after every change costs milliseconds.
    this.#sorted = known && sorted?.with(firstAfter(sorted, pool.name) - 1, pool);
  }

  /** A key that was used again after it expired belongs to the newer pool. */
  #putRetryKey(pool: Pool): void {
    const record = retryRecordOf(pool);
    if (record === undefined) return;
    const holder = this.#byRetryKey.get(record.key);
    const held = holder && retryRecordOf(holder);
    if (held === undefined || held.at <= record.at) this.#byRetryKey.set(record.key, pool);
  }

  remove({ name, uid }: Pool): void {
    const known = this.#byUid.get(uid);
    this.#byUid.delete(uid);
    if (known === undefined) return;
    if (this.#byName.get(name) === known) this.#byName.delete(name);
    const record = retryRecordOf(known);
    if (record !== undefined && this.#byRetryKey.get(record.key) === known) this.#byRetryKey.delete(record.key);
    this.#sorted = undefined;
  }
}

/** Index of the first pool whose name comes after `name`, in pools ordered by name. */
export const firstAfter = (pools: readonly Pool[], name: string): number => {
  let low = 0;
  let high = pools.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pools[middle]?.name ?? '') > name) high = middle;
    else low = middle + 1;
  }
  return low;
};
