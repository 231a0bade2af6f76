// What the stream knows about the store: the current pools, and a log of the last changes for readers that resume.
import { randomBytes } from 'node:crypto';
import { compareVersions } from '../../lib/compare-versions.ts';
import { PoolIndex } from '../pools/pool-index.ts';
import { selectableOf, type Selectable } from '../pools/pool-selectors.ts';
import type { PoolChangeEvent } from '../pools/ports.ts';

export type Change = {
  readonly uid: string;
  /** What selectors saw of the pool before the change; undefined if it was new. */
  readonly before: Selectable | undefined;
  /** Set if the change deleted the pool. */
  readonly deleted?: { readonly name: string; readonly resourceVersion: string };
};

/** Changes have consecutive positions, which are valid within one epoch only. */
export class PoolHistory {
  /** Identifies this server process. */
  readonly epoch = randomBytes(6).toString('hex');
  /** The current pools, read-only for users of the history. */
  readonly pools = new PoolIndex();
  /** Newest resource version of any pool; "0" if there was none. */
  newestVersion = '0';
  readonly #capacity: number;
  #changes: Change[] = [];
  /** Position of the oldest change in the log. Positions start at 2: 0 is NO_POSITION, 1 is the head of an empty log. */
  #first = 2;

  /** @param capacity Minimum number of changes to remember; the maximum is a tenth more. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Position of the newest change. */
  get head(): number {
    return this.#first + this.#changes.length - 1;
  }

  /** Applies an event of the store's initial state. */
  load({ type, pool }: PoolChangeEvent): void {
    if (type === 'deleted') this.pools.remove(pool);
    else this.pools.put(pool);
    if (compareVersions(pool.resourceVersion, this.newestVersion) > 0) this.newestVersion = pool.resourceVersion;
  }

  /** Applies a change and logs it. */
  append(event: PoolChangeEvent): void {
    const { uid, name, resourceVersion } = event.pool;
    const known = this.pools.getByUid(uid);
    this.load(event);
    const deleted = event.type === 'deleted' && { deleted: { name, resourceVersion } };
    this.#changes.push({ uid, before: known && selectableOf(known), ...deleted });
    const excess = this.#changes.length - this.#capacity;
    if (excess <= this.#capacity / 10) return;
    this.#changes = this.#changes.slice(excess);
    this.#first += excess;
  }

  /** Whether the log still has every change after this position. */
  reaches(position: number): boolean {
    return position >= this.#first - 1 && position <= this.head;
  }

  /** The changes after a position that the log reaches, up to another one, each with its own position. */
  *changesBetween(after: number, upTo: number): Generator<readonly [number, Change]> {
    for (let position = after + 1; position <= upTo; position++) {
      const change = this.#changes[position - this.#first];
      if (change !== undefined) yield [position, change];
    }
  }
}
