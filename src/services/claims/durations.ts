// How long starts and claims took recently, from which the wait of the next caller is estimated.

const DURATIONS_KEPT = 20;
const POOLS_KEPT = 10_000;
const DEFAULT_START_MS = 10_000;

/** The last 20 durations of each pool, and of all pools together. Keeps the 10 000 pools that recorded one last. */
export class RecentDurations {
  /** From the pool that recorded a duration least recently to the one that recorded the last. */
  readonly #byPool = new Map<string, readonly number[]>();
  #ofAllPools: readonly number[] = [];

  /** @param ms Milliseconds; a negative duration, from a clock that was set back, is recorded as 0. */
  record(poolUid: string, ms: number): void {
    const duration = Math.max(0, ms);
    const ofPool = this.#byPool.get(poolUid) ?? [];
    this.#byPool.delete(poolUid);
    this.#byPool.set(poolUid, withNewest(ofPool, duration));
    this.#ofAllPools = withNewest(this.#ofAllPools, duration);
    const [leastRecent] = this.#byPool.keys();
    if (leastRecent !== undefined && this.#byPool.size > POOLS_KEPT) this.#byPool.delete(leastRecent);
  }

  /** Milliseconds: the median of the pool's last 20, else of all pools'; undefined before the first. */
  median(poolUid: string): number | undefined {
    return medianOf(this.#byPool.get(poolUid) ?? this.#ofAllPools);
  }

  /** The pool is gone. What it recorded still counts among all pools'. */
  forget(poolUid: string): void {
    this.#byPool.delete(poolUid);
  }
}

/**
 * Expected duration of one start, in milliseconds: the recent median, else twice the age of the oldest starting
 * member, else 10 s.
 */
export const startEstimateMs = (known: {
  /** Median of recent starts, milliseconds. */
  readonly recent: number | undefined;
  /** Epoch milliseconds; undefined if no member is starting. */
  readonly oldestStartingSinceMs: number | undefined;
  readonly nowMs: number;
}): number => {
  if (known.recent !== undefined) return known.recent;
  if (known.oldestStartingSinceMs === undefined) return DEFAULT_START_MS;
  return 2 * Math.max(0, known.nowMs - known.oldestStartingSinceMs);
};

const withNewest = (durations: readonly number[], newest: number) => [...durations, newest].slice(-DURATIONS_KEPT);

const medianOf = (durations: readonly number[]): number | undefined => {
  const sorted = durations.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
};
