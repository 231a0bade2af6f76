// What a reader with some selectors is told, wherever it stands. Readers with the same ones are told the same batches, made once.
import type { PoolStreamEvent, WatchOptions } from '../../contract/pool-event.ts';
import { firstAfter, type PoolIndex } from '../pools/pool-index.ts';
import { basicPoolJson, toPoolResponse } from '../pools/representation/pool-response.ts';
import { selectableOf, compileSelectors, type PoolSelector } from '../pools/pool-selectors.ts';
import type { Pool } from '../pools/pool.ts';
import type { RecentCache } from '../../lib/recent-cache.ts';
import type { ChangeLog, LoggedChange } from './change-log.ts';
import { eventId, hashSelectors, NO_NUMBER, numberIn } from './event-id.ts';

/** An event with the id to resume from. Immutable. */
export type StreamEvent = { readonly id: string; readonly event: PoolStreamEvent };

/** Events that are sent together. */
export type Batch = readonly StreamEvent[];

/** Part of the present state; the next part comes behind `lastName`. */
export type StatePart = { readonly batch: Batch; readonly lastName: string; readonly isLast: boolean };

/** Which changes a reader is told one after the other: those of pools that were changed first at `from` or later, up to `upTo`. */
export type Sweep = { readonly after: number; readonly from: number; readonly upTo: number };

/** Part of a sweep; the next part begins with the pool that was changed first at `next`, undefined after the last one. */
export type Changes = { readonly batch: Batch; readonly next: number | undefined };

/** What all channels look at. */
export type StreamState = {
  readonly epoch: string;
  readonly log: ChangeLog;
  readonly pools: PoolIndex;
  /** Newest resource version of a pool that the stream has heard of. */
  newestVersion: bigint;
  /** A batch ends when it has this many pools or characters: a slow reader is told the rest when it has taken these. */
  readonly batchMax: { readonly pools: number; readonly characters: number };
  readonly stateParts: RecentCache<StatePart>;
  readonly changes: RecentCache<Changes>;
};

/**
 * What a reader at a number knows.
 * - `exactly`: the state that the number stands for.
 * - `at least`: that, and newer states of some pools: its last batch told of them and was not received or made whole.
 * - `anything`: it was told a state while that changed, and may lack any pool or know any.
 */
export type Knowledge = 'exactly' | 'at least' | 'anything';

/** A pool that was changed: number of its first change, what it was before, and its last change. */
type Changed = {
  readonly first: number;
  readonly wasMeant: boolean;
  wasMeantMeanwhile: boolean;
  last: LoggedChange;
};

export class Channel {
  readonly state: StreamState;
  readonly #hash: string;
  readonly #isMeant: PoolSelector;

  constructor(state: StreamState, options: WatchOptions) {
    this.state = state;
    this.#hash = hashSelectors(options);
    const fits = compileSelectors(options) ?? (() => true);
    this.#isMeant = (pool) => (options.name ?? pool.name) === pool.name && fits(pool);
  }

  idOf(number: number): string {
    return eventId(this.state.epoch, number, this.#hash);
  }

  /** Where a reader goes on; undefined: it has to begin anew. */
  resumePoint(lastEventId: string): number | undefined {
    const number = numberIn(lastEventId, this.state.epoch, this.#hash);
    return number !== undefined && this.state.log.reaches(number) ? number : undefined;
  }

  /** The pools of the present state whose names come behind `name`, or some of them. */
  stateBehind(name: string): StatePart {
    const { pools, log, stateParts } = this.state;
    const list = pools.list();
    const start = name === '' ? 0 : firstAfter(list, name);
    return stateParts.get(`${this.#hash} ${log.head} ${start}`, () => {
      const batch = this.#newBatch();
      let end = start;
      for (; end < list.length && !batch.isFull; end++) {
        const pool = list[end];
        if (pool && this.#isMeant(selectableOf(pool))) batch.add({ id: this.idOf(NO_NUMBER), event: added(pool) });
      }
      return { batch: batch.events, lastName: list[end - 1]?.name ?? name, isLast: end === list.length };
    });
  }

  /** What changed: the newest state of each pool, of some of them when there are many. */
  changes(sweep: Sweep, knowledge: Knowledge): Changes {
    const { log, changes } = this.state;
    const { after, from, upTo } = sweep;
    const key = `${this.#hash} ${log.head} ${after} ${from} ${upTo} ${knowledge}`;
    return changes.get(key, () => this.#follow(sweep, knowledge));
  }

  bookmark(number: number): StreamEvent {
    return { id: this.idOf(number), event: { type: 'bookmark', resourceVersion: String(this.state.newestVersion) } };
  }

  reset(): StreamEvent {
    return { id: this.idOf(NO_NUMBER), event: { type: 'reset' } };
  }

  /** In the order of first changes. Each id leads to just before the first change of the next pool: nothing is missed between. */
  #follow(sweep: Sweep, knowledge: Knowledge): Changes {
    const told = this.#newBatch<{ first: number; event: PoolStreamEvent }>();
    let next: number | undefined;
    for (const [uid, changed] of this.#changed(sweep)) {
      if (changed.first < sweep.from) continue;
      if (told.isFull) {
        next = changed.first;
        break;
      }
      const event = this.#eventOf(uid, changed, knowledge);
      if (event !== undefined) told.add({ first: changed.first, event });
    }
    const idAt = (index: number) =>
      this.idOf(knowledge === 'anything' ? NO_NUMBER : (told.events[index + 1]?.first ?? next ?? sweep.upTo + 1) - 1);
    return { batch: told.events.map(({ event }, index) => ({ id: idAt(index), event })), next };
  }

  #changed({ after, upTo }: Sweep): Map<string, Changed> {
    const pools = new Map<string, Changed>();
    for (const [first, change] of this.state.log.between(after, upTo)) {
      const wasMeant = change.before !== undefined && this.#isMeant(change.before);
      const known = pools.get(change.uid);
      if (known === undefined) pools.set(change.uid, { first, wasMeant, wasMeantMeanwhile: wasMeant, last: change });
      else {
        known.wasMeantMeanwhile ||= wasMeant;
        known.last = change;
      }
    }
    return pools;
  }

  /** Undefined where the reader is not concerned. */
  #eventOf(uid: string, changed: Changed, knowledge: Knowledge): PoolStreamEvent | undefined {
    const pool = this.state.pools.getByUid(uid);
    if (pool && this.#isMeant(selectableOf(pool)))
      return changed.wasMeant && knowledge !== 'anything' ? { ...added(pool), type: 'modified' } : added(pool);
    const isKnown = {
      exactly: changed.wasMeant,
      'at least': changed.wasMeantMeanwhile,
      anything: true,
    }[knowledge];
    return isKnown ? gone(uid, changed.last, pool) : undefined;
  }

  #newBatch<Event extends { readonly event: PoolStreamEvent } = StreamEvent>() {
    const { batchMax } = this.state;
    const events: Event[] = [];
    let characters = 0;
    return {
      events: events as readonly Event[],
      add: (event: Event) => {
        events.push(event);
        characters += sizeOf(event.event);
      },
      get isFull() {
        return events.length >= batchMax.pools || characters >= batchMax.characters;
      },
    };
  }
}

const added = (pool: Pool) => ({ type: 'added' as const, pool: toPoolResponse(pool, 'basic') });

/** Deleted, or there and not meant any more. */
const gone = (uid: string, last: LoggedChange, pool: Pool | undefined): PoolStreamEvent => {
  const { name = '', resourceVersion = '' } = pool ?? last.goneSince ?? {};
  return { type: 'deleted', name, uid, resourceVersion };
};

const sizeOf = (event: PoolStreamEvent): number => ('pool' in event ? basicPoolJson(event.pool).length : 0);
