// Counts requests for claims between two samples.
import type { ErrorCode } from '../../contract/errors.ts';
import type { BoundClaim, ClaimObserver } from '../runtime-observer.ts';

/** What happened in one pool. `waitsMs` has the wait of each claim that was bound. */
type Counts = { hits: number; misses: number; readonly waitsMs: number[] };

/** What happened in one pool between two samples. */
export type ClaimCounts = {
  readonly claims: number;
  /** Requests that found a free member. */
  readonly hits: number;
  /** Requests that found none, and were bound later or refused for it. */
  readonly misses: number;
  /** Undefined if no claim was bound. */
  readonly waitP95Ms: number | undefined;
};

/** A request that failed with one of these found no free member. */
const MISSES: readonly ErrorCode[] = ['KUBERNETES::POOL_CAPACITY_EXHAUSTED', 'CLAIM::TIMEOUT'];

export class ClaimCounter implements Pick<ClaimObserver, 'claimBound' | 'claimRefused'> {
  #counts = new Map<string, Counts>();

  claimBound({ poolUid, launch, createdAt, boundAt }: BoundClaim): void {
    const counts = this.#of(poolUid);
    if (launch === 'warm') counts.hits += 1;
    else counts.misses += 1;
    counts.waitsMs.push(Math.max(0, Date.parse(boundAt) - Date.parse(createdAt)));
  }

  claimRefused(code: ErrorCode, poolUid: string | undefined): void {
    if (poolUid !== undefined && MISSES.includes(code)) this.#of(poolUid).misses += 1;
  }

  /** Returns what was counted since the last call, by the uid of the pool. */
  take(): ReadonlyMap<string, ClaimCounts> {
    const counts = this.#counts;
    this.#counts = new Map();
    return new Map(
      counts
        .entries()
        .map(([uid, { hits, misses, waitsMs }]) => [
          uid,
          { claims: waitsMs.length, hits, misses, waitP95Ms: percentile95(waitsMs) },
        ]),
    );
  }

  #of(poolUid: string): Counts {
    let counts = this.#counts.get(poolUid);
    if (counts === undefined) this.#counts.set(poolUid, (counts = { hits: 0, misses: 0, waitsMs: [] }));
    return counts;
  }
}

/** By nearest rank: the smallest value that at least 95 % of the values do not exceed. */
const percentile95 = (values: readonly number[]): number | undefined =>
  Int32Array.from(values).sort()[Math.ceil(0.95 * values.length) - 1];
