// What the history needs from a runtime: what it knows about a pool, and a place that keeps samples.
import type { LastDecision } from '../../contract/summary.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ClaimStore } from '../claims/ports.ts';
import type { PoolStore } from '../pools/ports.ts';
import type { Pool } from '../pools/pool.ts';
import type { HistoryObserver } from '../runtime-observer.ts';
import type { Resolution, Retention } from './retention.ts';

/** What is known about a pool at this moment; null what is not known. */
type PoolGauges = Readonly<Record<'desired' | 'available' | 'allocated' | 'starting' | 'unmet', number | null>>;

/** Where a chunk belongs: `start` is in seconds since 1970-01-01 UTC, `pool` the number of a pool. */
export type ChunkKey = { readonly resolution: Resolution; readonly start: number; readonly pool: number };
export type Chunk = ChunkKey & { readonly bytes: Uint8Array };

/** The samples of all pools at one moment, encoded. */
export type StoredTick = { readonly at: number; readonly bytes: Uint8Array };

/** Keeps encoded samples, and numbers for pools, since a uid is longer than a sample. */
export interface SampleStore {
  /** Uids of the pools that have a number. */
  pools(): Iterable<string>;

  /** Whether a pool has this number. */
  hasNumber(number: number): boolean;

  /** The number of a pool, the same for as long as it exists. No other pool ever has it. */
  numberOf(poolUid: string): number;

  /** Removes the number and the chunks of a deleted pool. */
  forget(poolUid: string): Promise<void>;

  /** The ticks of earlier runs that were not removed, oldest first. */
  loadTicks(): Iterable<StoredTick>;

  /** Keeps a tick; `encode` is not called where nothing survives the process. */
  addTick(at: number, encode: () => Uint8Array): Promise<void>;

  /** Removes the ticks before a time. */
  removeTicks(before: number): Promise<void>;

  getChunk(key: ChunkKey): Uint8Array | undefined;

  /** Stores chunks together, each in place of that with the same key. */
  putChunks(chunks: readonly Chunk[]): Promise<void>;

  /** Removes the oldest chunks of all pools, those of one start, if they begin before a time. Returns whether there were any. */
  removeOldest(resolution: Resolution, before: number): Promise<boolean>;
}

/** What the history reads from a runtime. */
export type HistorySource = {
  readonly samples: SampleStore;
  readonly retention: Retention;
  /** Whether `gauges` returns what is true now. While it does not, nothing is sampled. */
  isCurrent(): boolean;
  gauges(pool: Pool): PoolGauges;
  /** The newest decision on a pool; undefined if there is none, or another controller decides. */
  lastDecision(poolUid: string): LastDecision | undefined;
};

export type HistoryPorts = {
  readonly store: Pick<PoolStore, 'get' | 'list'>;
  readonly claims: Pick<ClaimStore, 'refusal'>;
  readonly history: HistorySource;
  readonly clock: Clock;
  readonly observer: HistoryObserver;
};
