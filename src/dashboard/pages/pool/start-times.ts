// How long the members of a pool take to start.
import type { Member } from '../../../contract/member.ts';
import type { PoolResponse } from '../../../contract/pool.ts';

export type StartTimes = { readonly medianMs: number; readonly p95Ms: number };

/** Whether members are restarted in place when their claims end. */
export const restartsMembers = ({ recycleStrategy }: PoolResponse): boolean => recycleStrategy?.type === 'Restart';

/**
 * Of the members that have become ready; undefined if none has. Not for pools that restart their members: those are ready
 * again after every claim, long after they were created.
 */
export const startTimesOf = (pool: PoolResponse, members: readonly Member[]): StartTimes | undefined => {
  if (restartsMembers(pool)) return undefined;
  const times = members
    .flatMap(({ createdAt, readyAt }) => (readyAt === undefined ? [] : [Date.parse(readyAt) - Date.parse(createdAt)]))
    .filter((ms) => ms >= 0)
    .sort((one, other) => one - other);
  const [medianMs, p95Ms] = [0.5, 0.95].map((share) => times[Math.ceil(share * times.length) - 1]);
  return medianMs === undefined || p95Ms === undefined ? undefined : { medianMs, p95Ms };
};
