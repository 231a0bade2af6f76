// Reports what the controller does as Events on its pools. Best effort: reporting returns at once and never fails.
import { isOutOfDate } from '../resource/call-outcome.ts';
import type { Clock } from '../../../lib/clock.ts';
import { countOf } from '../../planning/wording.ts';
import type { Pool } from '../../pools/pool.ts';
import type { ClusterConnection } from '../connection/cluster-connection.ts';
import { ResourceClient } from '../resource/resource-client.ts';
import { PacedWriter } from './paced-writer.ts';
import { EVENTS, newEventName, toEventManifest, toEventPatch } from './pool-event.ts';
import type { EventReason, PoolEvent } from './pool-event.ts';
import { cut } from './storable-decision.ts';

type PoolEventsOptions = {
  readonly connection: ClusterConnection;
  readonly namespace: string;
  readonly clock: Clock;
};
type PoolIdentity = Pick<Pool, 'uid' | 'name'>;
type Occurrence = {
  readonly pool: PoolIdentity;
  readonly reason: EventReason;
  readonly members?: number;
  readonly toMessage: (members: number) => string;
};

/** At most five writes a second. */
const PAUSE_MS = 200;
/** A repetition this long after the previous one is another Event. */
const REPETITION_MS = 10 * 60_000;
/** Maximum number of Events in memory, of one pool and reason each; the one that was repeated least recently is dropped first. */
const EVENTS_MAX = 1_000;
const CLOSE_MS = 1_000;

/**
 * Occurrences of one reason on one pool are one Event, as long as they are at most 10 minutes apart: a repetition changes
 * its count, time and message. At most 5 writes a second in all; what waits longer is written with its newest state.
 */
export class PoolEvents {
  readonly #options: PoolEventsOptions;
  readonly #client: ResourceClient<object>;
  readonly #writer: PacedWriter;
  /** By pool and reason, the one that was repeated least recently first. */
  readonly #events = new Map<string, PoolEvent>();
  /** Names of the Events that exist, as far as this server knows. */
  readonly #stored = new Set<string>();

  constructor(options: PoolEventsOptions) {
    this.#options = options;
    this.#client = new ResourceClient(options.connection, EVENTS, options.namespace);
    const write = (key: string, signal: AbortSignal) => this.#write(key, signal);
    this.#writer = new PacedWriter({ write, pauseMs: PAUSE_MS, clock: options.clock });
  }

  membersCreated(pool: PoolIdentity, members: number): void {
    this.#report({ pool, reason: 'MembersCreated', members, toMessage: (all) => `Started ${countOf(all, 'member')}.` });
  }

  membersRemoved(pool: PoolIdentity, members: number): void {
    this.#report({ pool, reason: 'MembersRemoved', members, toMessage: (all) => `Stopped ${countOf(all, 'member')}.` });
  }

  /** @param message Why members cannot be started, as a sentence. */
  startsFailed(pool: PoolIdentity, message: string): void {
    this.#report({ pool, reason: 'StartsFailed', toMessage: () => message });
  }

  /** Another controller acts on the pool's members. @param message What to do about it, as in the pool's condition. */
  contested(pool: PoolIdentity, message: string): void {
    this.#report({ pool, reason: 'Contested', toMessage: () => message });
  }

  /** Members do not end. @param message Which, and what holds them, as in the pool's condition. */
  stuckTerminating(pool: PoolIdentity, message: string): void {
    this.#report({ pool, reason: 'StuckTerminating', toMessage: () => message });
  }

  /** A claim ended because its member did. @param why As a sentence. */
  claimLost(pool: PoolIdentity, why: string): void {
    this.#report({ pool, reason: 'ClaimLost', toMessage: () => why });
  }

  /** Sentences that say what does not work; empty when everything does. */
  problems(): readonly string[] {
    const { problem } = this.#writer;
    return problem === undefined ? [] : [`Events of pools are not written: ${problem}`];
  }

  /** Writes what waits, within a second. */
  close(): Promise<void> {
    return this.#writer.close(CLOSE_MS);
  }

  #report({ pool, reason, members = 0, toMessage }: Occurrence): void {
    const key = `${pool.uid} ${reason}`;
    const nowMs = this.#options.clock.now();
    const known = this.#events.get(key);
    const previous = known !== undefined && nowMs - known.lastMs <= REPETITION_MS ? known : undefined;
    if (previous === undefined) this.#forget(key);
    const all = (previous?.members ?? 0) + members;
    // At the end: the order of the map is that of the last occurrences.
    this.#events.delete(key);
    this.#events.set(key, {
      name: previous?.name ?? newEventName(pool.name),
      pool,
      reason,
      message: cut(toMessage(all)),
      count: (previous?.count ?? 0) + 1,
      members: all,
      firstMs: previous?.firstMs ?? nowMs,
      lastMs: nowMs,
    });
    const [oldest] = this.#events.keys();
    if (oldest !== undefined && this.#events.size > EVENTS_MAX) this.#forget(oldest);
    this.#writer.add(key);
  }

  #forget(key: string): void {
    const event = this.#events.get(key);
    if (event === undefined) return;
    this.#events.delete(key);
    this.#stored.delete(event.name);
    this.#writer.forget(key);
  }

  /** Returns whether the newest state is written. */
  async #write(key: string, signal: AbortSignal): Promise<boolean> {
    const event = this.#events.get(key);
    if (event === undefined) return true;
    const { name } = event;
    const isStored = this.#stored.has(name);
    try {
      if (isStored) await this.#client.mergePatch(name, toEventPatch(event), { signal });
      else await this.#client.create(toEventManifest(event, this.#options.namespace), { signal });
    } catch (error) {
      // It was deleted, or created by a write whose response was lost.
      if (!isOutOfDate(error)) throw error;
      if (isStored) this.#stored.delete(name);
      else this.#stored.add(name);
      return false;
    }
    const newest = this.#events.get(key);
    if (newest?.name === name) this.#stored.add(name);
    return newest === undefined || newest === event;
  }
}
