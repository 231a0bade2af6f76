// What readers with the same selectors are told. Those who stand at the same place are told the same batch, made once.
import type { PoolStreamEvent, WatchOptions } from '../../contract/pool-event.ts';
import { RecentCache } from '../recent-cache.ts';
import { firstBehind, selects, type Selectable } from '../pools/pool-page.ts';
import type { PoolIndex } from '../pools/pool-index.ts';
import { toPoolResponse } from '../pools/pool-response.ts';
import type { Pool } from '../pools/pool.ts';
import type { ChangeLog, LoggedChange } from './change-log.ts';
import { eventId, hashSelectors, NO_NUMBER, numberIn } from './event-id.ts';

/** An event with the id to resume from. Immutable. */
export type StreamEvent = { readonly id: string; readonly event: PoolStreamEvent };

/** Events that are sent together. */
export type Batch = readonly StreamEvent[];

/** Batches that are kept for readers who stand at the same place, of all channels together: this bounds their memory. */
const BATCHES_KEPT = 64;

/** Part of the present state; the next part comes behind `lastName`. */
type StatePart = { readonly batch: Batch; readonly lastName: string; readonly isLast: boolean };

/** Changes; the reader stands at `next` then. */
type Changes = { readonly batch: Batch; readonly next: number };

/** What all channels look at. */
export class StreamState {
  readonly epoch: string;
  readonly log: ChangeLog;
  readonly pools: PoolIndex;
  /** Most pools that one batch tells of: a slow reader is told the rest when it has taken these. */
  readonly batchMax: number;
  readonly stateParts = new RecentCache<StatePart>(BATCHES_KEPT);
  readonly changes = new RecentCache<Changes>(BATCHES_KEPT);

  constructor({ epoch, log, pools, batchMax }: Pick<StreamState, 'epoch' | 'log' | 'pools' | 'batchMax'>) {
    this.batchMax = batchMax;
    this.epoch = epoch;
    this.log = log;
    this.pools = pools;
  }
}

export class Channel {
  readonly #state: StreamState;
  readonly #hash: string;
  readonly #isMeant: (pool: Selectable) => boolean;

  constructor(state: StreamState, options: WatchOptions) {
    this.#state = state;
    this.#hash = hashSelectors(options);
    const fits = selects(options) ?? (() => true);
    this.#isMeant = (pool) => (options.name ?? pool.name) === pool.name && fits(pool);
  }

  idOf(number: number): string {
    return eventId(this.#state.epoch, number, this.#hash);
  }

  /** Where a reader goes on; undefined: it has to begin anew. */
  resumePoint(lastEventId: string): number | undefined {
    const number = numberIn(lastEventId, this.#state.epoch, this.#hash);
    return number !== undefined && this.#state.log.reaches(number) ? number : undefined;
  }

  /** The pools of the present state whose names come behind `name`, or some of them. */
  stateBehind(name: string): StatePart {
    const { pools, log, batchMax, stateParts } = this.#state;
    const list = pools.list();
    const start = name === '' ? 0 : firstBehind(list, name);
    return stateParts.get(`${this.#hash} ${log.head} ${start}`, () => {
      const batch: StreamEvent[] = [];
      let end = start;
      for (; end < list.length && batch.length < batchMax; end++) {
        const pool = list[end];
        if (pool && this.#means(pool)) batch.push(this.#initial(added(pool)));
      }
      return { batch, lastName: list[end - 1]?.name ?? name, isLast: end === list.length };
    });
  }

  /**
   * What corrects a state that was told while pools changed: the newest of each pool that was changed after `number`.
   * Which of them the reader knows is not remembered: it may be told again, or that a pool is gone which it never saw.
   */
  corrections(number: number): Batch {
    return [...this.#changed(number)].map(([uid, { last }]) => {
      const pool = this.#state.pools.getByUid(uid);
      return this.#initial(pool && this.#means(pool) ? added(pool) : gone(uid, last, pool));
    });
  }

  /** What changed after `number`: the newest state of each pool, of some of them when there are many. */
  changesAfter(number: number): Changes {
    const { head } = this.#state.log;
    return this.#state.changes.get(`${this.#hash} ${head} ${number}`, () => this.#follow(number, head));
  }

  bookmark(number: number, resourceVersion: string): StreamEvent {
    return { id: this.idOf(number), event: { type: 'bookmark', resourceVersion } };
  }

  reset(): StreamEvent {
    return this.#initial({ type: 'reset' });
  }

  /** In the order of first changes. Each id leads to just before the first change of the next pool: nothing is missed between. */
  #follow(number: number, head: number): Changes {
    const told: { first: number; event: PoolStreamEvent }[] = [];
    let next = head;
    for (const [uid, { first, before, last }] of this.#changed(number)) {
      const event = this.#eventOf(uid, before, last);
      if (event === undefined) continue;
      if (told.length === this.#state.batchMax) {
        next = first - 1;
        break;
      }
      told.push({ first, event });
    }
    const batch = told.map(({ event }, index) => ({ id: this.idOf((told[index + 1]?.first ?? next + 1) - 1), event }));
    return { batch, next };
  }

  /** Each pool that was changed after `number`: number of its first change, what it was before, and its last change. */
  #changed(number: number) {
    const changed = new Map<string, { first: number; before: Selectable | undefined; last: LoggedChange }>();
    for (const [first, change] of this.#state.log.after(number)) {
      const known = changed.get(change.uid);
      if (known === undefined) changed.set(change.uid, { first, before: change.before, last: change });
      else known.last = change;
    }
    return changed;
  }

  /** Undefined where the reader is not concerned. */
  #eventOf(uid: string, before: Selectable | undefined, last: LoggedChange): PoolStreamEvent | undefined {
    const wasMeant = before !== undefined && this.#isMeant(before);
    const pool = this.#state.pools.getByUid(uid);
    if (pool && this.#means(pool)) return wasMeant ? { ...added(pool), type: 'modified' } : added(pool);
    return wasMeant ? gone(uid, last, pool) : undefined;
  }

  #means({ name, specification: { labels } }: Pool): boolean {
    return this.#isMeant({ name, labels });
  }

  #initial(event: PoolStreamEvent): StreamEvent {
    return { id: this.idOf(NO_NUMBER), event };
  }
}

const added = (pool: Pool) => ({ type: 'added' as const, pool: toPoolResponse(pool, 'basic') });

/** Deleted, or there and not meant any more. */
const gone = (uid: string, last: LoggedChange, pool: Pool | undefined): PoolStreamEvent => {
  const { name = '', resourceVersion = '' } = pool ?? last.goneSince ?? {};
  return { type: 'deleted', name, uid, resourceVersion };
};
