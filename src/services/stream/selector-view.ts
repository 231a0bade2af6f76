// The events that readers with equal selectors receive. Readers at the same position receive the same batch.
import type { PoolStreamEvent, WatchOptions } from '../../contract/pool-event.ts';
import type { RecentCache } from '../../lib/recent-cache.ts';
import { firstAfter } from '../pools/pool-index.ts';
import { compileSelectors, selectableOf, type PoolSelector } from '../pools/pool-selectors.ts';
import type { Pool } from '../pools/pool.ts';
import { basicPoolJson, toPoolResponse } from '../pools/representation/pool-response.ts';
import { eventId, hashSelectors, NO_POSITION, positionIn } from './event-id.ts';
import type { Change, PoolHistory } from './pool-history.ts';

/** An event with the id to resume from. Immutable. */
export type StreamEvent = { readonly id: string; readonly event: PoolStreamEvent };

/** Events that are sent together. Immutable. */
export type Batch = readonly StreamEvent[];

/** A batch and where the next one starts; undefined after the last one. */
export type Part<Next> = { readonly batch: Batch; readonly next: Next | undefined };

/**
 * The changes after one position up to another, reduced to the newest state of each pool, in the order of the pools'
 * first changes. `from` is where the next batch starts: the position of a pool's first change.
 */
export type Replay = { readonly after: number; readonly from: number; readonly upTo: number };

/**
 * What a reader at a position knows.
 * - `exact`: the state at that position.
 * - `at-least`: that, and newer states of some pools, because it lost its last batch or received a replay in parts.
 * - `unknown`: a mixture of states, because it received a snapshot while pools changed. It may lack or know any pool.
 */
export type Knowledge = 'exact' | 'at-least' | 'unknown';

/** What the views of one stream share. */
export type ViewContext = {
  readonly history: PoolHistory;
  /** A batch ends once it has this many pools or characters: a slow reader gets the rest when it has taken these. */
  readonly batchMax: { readonly pools: number; readonly characters: number };
  readonly snapshots: RecentCache<Part<string>>;
  readonly replays: RecentCache<Part<number>>;
};

/** What a replay did to one pool. */
type ChangedPool = {
  /** Position of its first change. */
  readonly first: number;
  readonly matchedBefore: boolean;
  everMatched: boolean;
  last: Change;
};

export class SelectorView {
  readonly #context: ViewContext;
  readonly #hash: string;
  readonly #matches: PoolSelector;

  constructor(context: ViewContext, selectors: WatchOptions) {
    this.#context = context;
    this.#hash = hashSelectors(selectors);
    const matches = compileSelectors(selectors) ?? (() => true);
    this.#matches = (pool) => (selectors.name ?? pool.name) === pool.name && matches(pool);
  }

  /** Position of the newest change. */
  get head(): number {
    return this.#context.history.head;
  }

  /** Where a reader can resume; undefined if it has to start again with a snapshot. */
  positionOf(lastEventId: string): number | undefined {
    const { history } = this.#context;
    const position = positionIn(lastEventId, history.epoch, this.#hash);
    return position !== undefined && history.reaches(position) ? position : undefined;
  }

  /** The current state, in parts: the pools after this name. */
  snapshot(afterName: string): Part<string> {
    const pools = this.#context.history.pools.list();
    const start = firstAfter(pools, afterName);
    return this.#context.snapshots.get(`${this.#hash} ${this.head} ${start}`, () => {
      const eventOf = (pool: Pool) => (this.#matches(selectableOf(pool)) ? added(pool) : undefined);
      const { filled, last, next } = this.#fill(pools.slice(start), eventOf);
      return { batch: filled.map(({ event }) => ({ id: this.#id(NO_POSITION), event })), next: next && last?.name };
    });
  }

  /** What a reader with this knowledge has to receive of a replay; undefined if the log no longer reaches that far. */
  replay(replay: Replay, knowledge: Knowledge): Part<number> | undefined {
    const { after, from, upTo } = replay;
    if (!this.#context.history.reaches(after)) return undefined;
    const key = `${this.#hash} ${this.head} ${after} ${from} ${upTo} ${knowledge}`;
    return this.#context.replays.get(key, () => this.#replay(replay, knowledge));
  }

  bookmark(position: number): StreamEvent {
    const { newestVersion } = this.#context.history;
    return { id: this.#id(position), event: { type: 'bookmark', resourceVersion: newestVersion } };
  }

  reset(): StreamEvent {
    return { id: this.#id(NO_POSITION), event: { type: 'reset' } };
  }

  /** Each id leads to just before the first change of the next pool: a reader that resumes there misses nothing. */
  #replay(replay: Replay, knowledge: Knowledge): Part<number> {
    const changed = this.#changedPools(replay).filter(({ first }) => first >= replay.from);
    const { filled, next } = this.#fill(changed, (pool) => this.#eventOf(pool, knowledge));
    const end = next?.first ?? replay.upTo + 1;
    const idAt = (index: number) =>
      this.#id(knowledge === 'unknown' ? NO_POSITION : (filled[index + 1]?.item.first ?? end) - 1);
    return { batch: filled.map(({ event }, index) => ({ id: idAt(index), event })), next: next?.first };
  }

  /** In the order of first changes. */
  #changedPools({ after, upTo }: Replay): ChangedPool[] {
    const pools = new Map<string, ChangedPool>();
    for (const [first, last] of this.#context.history.changesBetween(after, upTo)) {
      const matched = last.before !== undefined && this.#matches(last.before);
      const known = pools.get(last.uid);
      if (known === undefined) pools.set(last.uid, { first, matchedBefore: matched, everMatched: matched, last });
      else {
        known.everMatched ||= matched;
        known.last = last;
      }
    }
    return [...pools.values()];
  }

  /** Undefined if the reader does not know the pool and does not need to. */
  #eventOf({ matchedBefore, everMatched, last }: ChangedPool, knowledge: Knowledge): PoolStreamEvent | undefined {
    const { uid } = last;
    const pool = this.#context.history.pools.getByUid(uid);
    if (pool && this.#matches(selectableOf(pool)))
      return matchedBefore && knowledge !== 'unknown' ? { ...added(pool), type: 'modified' } : added(pool);
    const isKnown = { exact: matchedBefore, 'at-least': everMatched, unknown: true }[knowledge];
    if (!isKnown) return undefined;
    const { name = '', resourceVersion = '' } = pool ?? last.deleted ?? {};
    return { type: 'deleted', name, uid, resourceVersion };
  }

  /** Events of items until they fill a batch. `next` is the first item left over, `last` the one before it. */
  #fill<Item>(items: Iterable<Item>, eventOf: (item: Item) => PoolStreamEvent | undefined) {
    const { pools, characters } = this.#context.batchMax;
    const filled: { item: Item; event: PoolStreamEvent }[] = [];
    let size = 0;
    let last: Item | undefined;
    for (const item of items) {
      if (filled.length >= pools || size >= characters) return { filled, last, next: item };
      last = item;
      const event = eventOf(item);
      if (event === undefined) continue;
      filled.push({ item, event });
      if ('pool' in event) size += basicPoolJson(event.pool).length;
    }
    return { filled, last, next: undefined };
  }

  #id(position: number): string {
    return eventId(this.#context.history.epoch, position, this.#hash);
  }
}

const added = (pool: Pool) => ({ type: 'added' as const, pool: toPoolResponse(pool, 'basic') });
