// The error of a client that gets no member: why there is none, and when to try again.
import { countOf } from '../planning/wording.ts';
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
  const { startingSinceMs, existing, startMs: recent, stopMs = 0, holdMs, live, backOff } = members;
  const starting = startingSinceMs.length;
  const options = {
    retryAfterSeconds: retryAfterSeconds({
      nowMs,
      waiting: ahead,
      startingSinceMs,
      existing,
      capacity: specification.capacitySpec,
      scaleStrategy: specification.scaleStrategy,
      startMs: startEstimateMs({ recent, oldestStartingSinceMs: oldest(startingSinceMs), nowMs }),
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
      `No member of pool "${name}" became free within ${waitMs / 1_000} s; ${starting} ${starting === 1 ? 'is' : 'are'} starting. Try again.`,
      options,
    );
  const exist = `${countOf(existing, 'member')} ${existing === 1 ? 'exists' : 'exist'}, ${live.length} held by claims`;
  const isFailing = backOff !== undefined && nowMs < backOff.untilMs;
  const why = isFailing
    ? `${exist}, and starts keep failing: ${backOff.lastError}`
    : existing >= poolMax
      ? `poolMax is ${poolMax}, and ${exist}. Release claims, raise poolMax, or wait longer (waitSeconds).`
      : `${exist} and ${starting} starting. Try again, or wait for one (waitSeconds).`;
  return new WarmpoolError('KUBERNETES::POOL_CAPACITY_EXHAUSTED', `Pool "${name}" has no free member: ${why}`, options);
};

const oldest = (times: readonly number[]): number | undefined =>
  times.length === 0 ? undefined : times.reduce((one, other) => Math.min(one, other));
