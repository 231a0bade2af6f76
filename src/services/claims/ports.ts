// What the claim service needs from a runtime: a place that keeps claims, and binds members to them.
import type { Claim } from '../../contract/claim.ts';
import type { Clock } from '../../lib/clock.ts';
import type { RetryRecord } from '../idempotency/retry-record.ts';
import type { PoolStore } from '../pools/ports.ts';
import type { Pool } from '../pools/pool.ts';
import type { ClaimObserver } from '../runtime-observer.ts';
import type { WarmpoolError } from '../warmpool-error.ts';

/** A claim and what clients do not see of it. Immutable. */
export type StoredClaim = {
  readonly claim: Claim;
  readonly expiresAtMs: number;
  /** Of the request that created it, if that had an Idempotency-Key. */
  readonly retry?: RetryRecord | undefined;
};

/** A claim before a member is bound to it. Times are epoch milliseconds. */
export type ClaimDraft = Pick<Claim, 'launch' | 'ttlSeconds' | 'labels'> & {
  readonly createdAtMs: number;
  /** How long it holds its member from when it is bound, in milliseconds: `ttlSeconds`, unless that is longer than allowed. */
  readonly leaseMs: number;
  readonly retry?: RetryRecord | undefined;
};

/** How a claim ends. `reason` says why its member was lost. */
export type ClaimEnd = { readonly state: 'released' | 'expired' } | { readonly state: 'lost'; readonly reason: string };

/** What a forecast needs to know about a pool. Times are epoch milliseconds. */
export type PoolMembers = {
  /** When each member that is on its way to the buffer began to start, in no particular order. */
  readonly startingSinceMs: readonly number[];
  /** Number of members that exist, terminating ones included. */
  readonly existing: number;
  /** Those of them that are stuck in terminating. Default 0. */
  readonly stuck?: number | undefined;
  /** Starts are delayed until this time, because they keep failing. */
  readonly backOff?: { readonly untilMs: number; readonly lastError: string } | undefined;
  /** Median durations of recent starts, stops and holds, in milliseconds; undefined while there was none. */
  readonly startMs?: number | undefined;
  readonly stopMs?: number | undefined;
  readonly holdMs?: number | undefined;
  /** The live claims of the pool, in no particular order. */
  readonly live: readonly { readonly boundAtMs: number; readonly expiresAtMs: number }[];
};

export interface ClaimStore {
  /** Why the runtime has no claims; undefined where it has them. */
  readonly refusal: WarmpoolError | undefined;

  /** Why nobody can claim or evict a member of this pool; undefined where they can. */
  refusalOf(pool: Pool): WarmpoolError | undefined;

  /** Whether `bind` is likely to find a member. */
  hasIdle(poolUid: string): boolean;

  /**
   * Binds the next idle member of the pool: those of the current revision first, then the one that has been available
   * longest. Resolves once the claim is stored; undefined if no member is idle. No other call binds or removes the
   * member from the moment of the call.
   */
  bind(pool: Pool, draft: ClaimDraft): Promise<StoredClaim | undefined>;

  /** Replaces a claim by what `change` returns; `change` is pure and may throw. Errors: CLAIM::NOT_FOUND. */
  update(id: string, change: (present: StoredClaim) => StoredClaim): Promise<StoredClaim>;

  /** Ends a claim and begins to recycle its member. Returns a claim that has ended already as it is. Errors: CLAIM::NOT_FOUND. */
  end(id: string, end: ClaimEnd): Promise<StoredClaim>;

  /** Undefined if it is unknown or has been forgotten. */
  get(id: string): Promise<StoredClaim | undefined>;

  /** Claims of a pool, or of all pools, live ones or also those that have ended, ordered by creation time and id. */
  list(options: {
    readonly poolUid?: string | undefined;
    readonly includesEnded: boolean;
  }): Promise<readonly StoredClaim[]>;

  /** Reads the claim that a request with this key created through another server: then `findByRetryKey` has it. Undefined where there is nothing to wait for. */
  recall(key: string): Promise<void> | undefined;

  /** The claim whose retry record has this key, as far as this server knows. */
  findByRetryKey(key: string): StoredClaim | undefined;

  /** Stops a member and starts to replace it. Errors: MEMBER::NOT_FOUND, MEMBER::IN_USE unless `isForced`. */
  evict(pool: Pool, member: string, options: { readonly isForced: boolean }): Promise<void>;

  /** Reports how many clients wait for a member of the pool, so that it grows for them. */
  setUnmet(poolUid: string, count: number): void;

  membersOf(poolUid: string): PoolMembers;

  /** Calls `onIdle` whenever a member of a pool may have become idle. */
  subscribe(onIdle: (poolUid: string) => void): void;

  /** Ids of the live claims whose time is up. */
  expired(nowMs: number): readonly string[];

  /** Forgets the claims that ended before a time (epoch milliseconds), and the oldest of more than 10 000. */
  forget(endedBeforeMs: number): Promise<void>;
}

/** What the claim service needs. */
export type ClaimPorts = {
  readonly store: PoolStore;
  readonly claims: ClaimStore;
  readonly clock: Clock;
  readonly observer: Omit<ClaimObserver, 'claimEnded'>;
  /** Maximum time that a claim can be held, renewals included, in seconds. Default: none. */
  readonly maxLifetimeSeconds?: number | undefined;
};
