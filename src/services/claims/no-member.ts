// The error of a client that gets no member: why there is none, and when to try again.
import { rfc3339 } from '../../lib/clock.ts';
import { stuckAllowance } from '../planning/census.ts';
import { agree, countOf } from '../planning/wording.ts';
import type { Pool } from '../pools/pool.ts';
import { WarmpoolError } from '../warmpool-error.ts';
import { startEstimateMs } from './durations.ts';
import type { PoolMembers } from './ports.ts';
import { retryAfterSeconds } from './retry-after.ts';

type NoMember = {
  readonly pool: Pool;
  readonly members: PoolMembers;
  /** Number of other places in line. */
  readonly ahead: number;
  /** How long the client has waited. */
  readonly waitMs: number;
  readonly nowMs: number;
};

/** CLAIM::TIMEOUT if the client waited and members are on their way, otherwise POOL_CAPACITY_EXHAUSTED. */
export const noMember = ({ pool, members, ahead, waitMs, nowMs }: NoMember): WarmpoolError => {
  const { specification, name } = pool;
  const { poolMax } = specification.capacitySpec;
  const { startingSinceMs, stuck = 0, startMs: recent, stopMs = 0, holdMs, live, backOff } = members;
  const existing = members.existing - Math.min(stuck, stuckAllowance(specification.capacitySpec));
  const starting = startingSinceMs.length;
  const options = {
    retryAfterSeconds: retryAfterSeconds({
      nowMs,
      waiting: ahead,
      startingSinceMs,
      existing,
      capacity: specification.capacitySpec,
      scaleStrategy: specification.scaleStrategy,
      startMs: startEstimateMs({ recent, oldestStartingSinceMs: earliest(startingSinceMs), nowMs }),
      stopMs,
      holdMs,
      claims: live,
      recycle: specification.recycleStrategy?.type ?? 'Delete',
      backOffUntilMs: backOff?.untilMs,
    }),
  };
  if (waitMs > 0 && existing < poolMax && starting > 0)
    return new WarmpoolError(
      'CLAIM::TIMEOUT',
      `No member of pool "${name}" became free within ${waitMs / 1_000} s; ${starting} ${agree(starting, 'is', 'are')} starting. Try again.`,
      options,
    );
  const exist = `${countOf(existing, 'member')} ${agree(existing, 'exists', 'exist')}, ${live.length} held by claims`;
  const isFailing = backOff !== undefined && nowMs < backOff.untilMs;
  const why = isFailing
    ? `${exist}, and starts keep failing: ${backOff.lastError}`
    : existing >= poolMax
      ? `poolMax is ${poolMax}, and ${exist}. Release claims, raise poolMax, or wait longer (waitSeconds).${nextLease(live, nowMs)}`
      : `${exist} and ${starting} starting. Try again, or wait for one (waitSeconds).`;
  return new WarmpoolError('KUBERNETES::POOL_CAPACITY_EXHAUSTED', `Pool "${name}" has no free member: ${why}`, options);
};

/** When a member is free at the latest unless its claim is renewed, as a sentence. */
const nextLease = (live: PoolMembers['live'], nowMs: number): string => {
  const endMs = earliest(live.map(({ expiresAtMs }) => expiresAtMs));
  if (endMs === undefined) return '';
  const seconds = Math.max(0, Math.ceil((endMs - nowMs) / 1_000));
  return ` The next lease ends at ${rfc3339(endMs)} (in ${seconds} s) unless it is renewed.`;
};

const earliest = (times: readonly number[]): number | undefined =>
  times.length === 0 ? undefined : times.reduce((one, other) => Math.min(one, other));
