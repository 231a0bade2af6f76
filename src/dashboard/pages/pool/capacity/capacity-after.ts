// The capacity of a pool after the step of a plan.
import type { PoolPlan } from '../../../../contract/decision.ts';
import type { Member } from '../../../../contract/member.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import type { Capacity } from '../../../pool/capacity-bar-geometry.ts';
import { capacityOf, capacityOfMembers } from '../../../pool/capacity-of.ts';

/** Created members are starting, removed ones are gone. Without the members, removed ones are taken for available. */
export const capacityAfter = (
  pool: PoolResponse,
  { create, remove, observed }: PoolPlan,
  members: readonly Member[] | undefined,
): Capacity => {
  const removed = new Set(remove);
  const waiting = observed?.unmet;
  const now = members
    ? capacityOfMembers(
        pool,
        members.filter(({ name }) => !removed.has(name)),
        waiting,
      )
    : capacityOf(pool, waiting);
  const available = members ? now.available : Math.max(0, now.available - remove.length);
  return { ...now, available, starting: (now.starting ?? 0) + create };
};
