// Pools in memory, by name, uid and retry key, with a watch. Both stores serve their reads from one; the stream has its own.
import { ChangeFeed } from '../../lib/change-feed.ts';
import type { Pool } from './pool.ts';
import type { PoolChangeEvent, PoolEvent } from './ports.ts';
import { retryRecordOf } from './retry-record.ts';

/** A pool that a reader has not seen yet stays `added`; one that was deleted before the reader saw it is omitted. */
const merge = (pending: PoolChangeEvent, next: PoolChangeEvent): PoolChangeEvent | undefined => {
  if (pending.type !== 'added') return next;
  return next.type === 'deleted' ? undefined : { ...next, type: 'added' };
};

export class PoolIndex {
  readonly #feed = new ChangeFeed<PoolChangeEvent>({ keyOf: ({ pool }) => pool.uid, merge });
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

  /** The current pools, then every change. */
  watch(signal: AbortSignal): AsyncIterable<PoolEvent> {
    return this.#feed.watch(() => this.list().map((pool) => ({ type: 'added', pool })), signal);
  }

  /** Replaces the snapshot of the same name. */
  put(pool: Pool): void {
    const sorted = this.#sorted;
    const known = this.#byName.get(pool.name);
    if (known !== undefined) this.#drop(known);
    this.#byName.set(pool.name, pool);
    this.#byUid.set(pool.uid, pool);
    this.#putRetryKey(pool);
    // In its old place: sorting thousands of pools again after every change costs milliseconds.
    this.#sorted = known && sorted?.with(firstAfter(sorted, pool.name) - 1, pool);
    this.#feed.publish({ type: known ? 'modified' : 'added', pool });
  }

  /** @param resourceVersion Version at which the pool was deleted, if known. */
  remove(pool: Pool, resourceVersion = pool.resourceVersion): void {
    this.#drop(pool);
    this.#feed.publish({ type: 'deleted', pool: { ...pool, resourceVersion } });
  }

  /** A key that was used again after it expired belongs to the newer pool. */
  #putRetryKey(pool: Pool): void {
    const record = retryRecordOf(pool);
    if (record === undefined) return;
    const holder = this.#byRetryKey.get(record.key);
    const held = holder && retryRecordOf(holder);
    if (held === undefined || held.at <= record.at) this.#byRetryKey.set(record.key, pool);
  }

  #drop({ name, uid }: Pool): void {
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
