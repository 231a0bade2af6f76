// When a caller that finds no free member would be served, if it joined the end of the line now.
import type { CapacitySpec } from '../../contract/capacity-spec.ts';
import type { RecycleType } from '../../contract/strategies.ts';
import { maxUnavailableOf } from '../planning/max-unavailable.ts';
import type { StoredStrategy } from '../planning/observed-pool.ts';

const MAX_SECONDS = 300;

/** A pool without a free member. Times are epoch milliseconds, durations milliseconds; lists are in any order. */
export interface WaitSituation {
  readonly nowMs: number;
  /** Number of callers in line, all of them ahead of this one. */
  readonly waiting: number;
  /** When each member that is on its way to the buffer began to start. */
  readonly startingSinceMs: readonly number[];
  /** Number of members that exist, terminating ones included. */
  readonly existing: number;
  readonly capacity: CapacitySpec;
  readonly scaleStrategy: StoredStrategy | undefined;
  /** Expected duration of one start, and of one stop. */
  readonly startMs: number;
  readonly stopMs: number;
  /** How long claims are usually held; undefined if that is unknown: then they are expected to expire. */
  readonly holdMs: number | undefined;
  /** The live claims of the pool. */
  readonly claims: readonly { readonly boundAtMs: number; readonly expiresAtMs: number }[];
  readonly recycle: RecycleType;
  /** Starts are delayed until this time. */
  readonly backOffUntilMs?: number | undefined;
}

/**
 * The `Retry-After` of a claim that finds no free member: whole seconds, 1 to 300. Callers are expected to be served
 * by the members that are on their way, then by those that the pool may still start, then by those that claims return.
 */
export const retryAfterSeconds = (situation: WaitSituation): number => {
  const seconds = Math.ceil(waitMs(situation) / 1000);
  return seconds <= MAX_SECONDS ? Math.max(1, seconds) : MAX_SECONDS;
};

const waitMs = (situation: WaitSituation): number => {
  const { nowMs, waiting, startingSinceMs, existing, capacity, startMs, backOffUntilMs } = situation;
  if (backOffUntilMs !== undefined && nowMs < backOffUntilMs) return backOffUntilMs - nowMs + startMs;

  const starting = startingMs(situation);
  const place = waiting + 1;
  const startable = startingSinceMs.length + Math.max(0, capacity.poolMax - existing);
  if (place <= startable) return nthStartMs(situation, starting, place);
  // The line is first come, first served: whatever claims return earlier goes to the callers ahead.
  const ahead = startable === 0 ? 0 : nthStartMs(situation, starting, startable);
  return Math.max(ahead, nthReturnMs(situation, place - startable));
};

/** What each member that is on its way needs, ascending. An overdue one is expected to need as long again as it is overdue. */
const startingMs = ({ nowMs, startingSinceMs, startMs }: WaitSituation) =>
  startingSinceMs.map((sinceMs) => Math.min(Math.abs(sinceMs + startMs - nowMs), startMs)).sort(ascending);

/** When the `nth` start ends: those on their way first, then as many at a time as `maxUnavailable` allows. */
const nthStartMs = (situation: WaitSituation, starting: readonly number[], nth: number): number => {
  const underWay = starting[nth - 1];
  if (underWay !== undefined) return underWay;
  const { waiting, claims, capacity, scaleStrategy, startMs } = situation;
  // As in `desiredSize`: the line is longer than what is on its way, so the buffer in prospect is below bufferMin.
  const buffer = Math.min(capacity.bufferMin, capacity.bufferMax);
  const desired = Math.max(claims.length + waiting + 1 + buffer, capacity.poolMin);
  const atOnce = maxUnavailableOf(scaleStrategy, desired);
  const before = nth - 1 - starting.length;
  // A start begins when one that is under way leaves its place, at once where a place is free.
  const beginMs = starting[starting.length - atOnce + (before % atOnce)] ?? 0;
  return beginMs + (Math.floor(before / atOnce) + 1) * startMs;
};

/** When the `nth` member comes back from a claim, or replaces one that is terminating; Infinity if none will. */
const nthReturnMs = ({ nowMs, stopMs, startMs, holdMs, recycle, ...pool }: WaitSituation, nth: number): number => {
  const { claims, startingSinceMs, existing, capacity } = pool;
  const recycleMs = { Delete: stopMs + startMs, Restart: startMs, Noop: 0 }[recycle];
  const claimed = claims.map(({ boundAtMs, expiresAtMs }) => {
    const endMs = holdMs === undefined ? expiresAtMs : Math.min(boundAtMs + holdMs, expiresAtMs);
    return Math.max(0, endMs - nowMs) + recycleMs;
  });
  const terminating = Math.max(0, existing - startingSinceMs.length - claims.length);
  // Above a lowered poolMax, members that go are not replaced.
  const surplus = Math.max(0, existing - capacity.poolMax);
  const replaced = Array.from({ length: Math.max(0, terminating - surplus) }, () => stopMs + startMs);
  const lost = recycle === 'Delete' ? Math.max(0, surplus - terminating) : 0;
  return [...replaced, ...claimed].sort(ascending)[lost + nth - 1] ?? Infinity;
};

const ascending = (one: number, other: number) => one - other;
