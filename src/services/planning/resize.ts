// The steps that change a pool's size after the update step: growing and shrinking.
import type { Situation } from './census.ts';
import { maxUnavailableOf } from './max-unavailable.ts';
import { shrinkOrder } from './removal-order.ts';
import type { Rollout } from './rollout.ts';

/** The growth step: poolMax counts every member that still exists, maxUnavailable those that are starting. */
export const planGrowth = ({ pool, census, desired, backOffUntilMs }: Situation, rollout: Rollout) => {
  const { scheduled, existing, starting } = census;
  const lacking = Math.max(0, desired - (scheduled.length - rollout.replaced.length));
  const limit = maxUnavailableOf(pool.scaleStrategy, desired);
  const startable = limit - (starting - rollout.starting);
  const creatable = Math.min(lacking, pool.capacitySpec.poolMax - existing, startable);
  return { lacking, limit, startable, create: backOffUntilMs === undefined ? Math.max(0, creatable) : 0 };
};

/** The shrink step, of members that the update leaves alone. */
export const planShrink = ({ pool, census, desired }: Situation, rollout: Rollout) => {
  const { scheduled, idle } = census;
  const excess = Math.max(0, scheduled.length - rollout.replaced.length - desired);
  const limit = maxUnavailableOf(pool.scaleStrategy, scheduled.length);
  if (excess === 0) return { excess, limit, surplus: [], staleSurplus: 0 };
  const replaced = new Set(rollout.replaced);
  const left = idle.filter((member) => !replaced.has(member)).sort(shrinkOrder(pool.revision));
  const surplus = left.slice(0, Math.min(excess, limit));
  return { excess, limit, surplus, staleSurplus: surplus.filter(({ revision }) => revision !== pool.revision).length };
};

export type Growth = ReturnType<typeof planGrowth>;
export type Shrink = ReturnType<typeof planShrink>;
