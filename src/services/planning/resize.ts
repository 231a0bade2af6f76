// The steps that change a pool's size after the update step: growing and shrinking.
import type { Census } from './census.ts';
import { maxUnavailable } from './max-unavailable.ts';
import type { ObservedPool } from './observed-pool.ts';
import { shrinkOrder } from './removal-order.ts';
import type { Rollout } from './rollout.ts';

type SizeChange = { readonly desired: number; readonly rollout: Rollout };

/** The growth step: poolMax counts every member that still exists, maxUnavailable those that are starting. */
export const planGrowth = (
  { capacitySpec: { poolMax }, scaleStrategy }: ObservedPool,
  { scheduled, existing, starting }: Census,
  { desired, rollout, isBackingOff }: SizeChange & { readonly isBackingOff: boolean },
) => {
  const lacking = Math.max(0, desired - (scheduled.length - rollout.replaced.length));
  const limit = maxUnavailable(scaleStrategy, desired);
  const startable = limit - (starting - rollout.starting);
  const create = isBackingOff ? 0 : Math.max(0, Math.min(lacking, poolMax - existing, startable));
  return { lacking, limit, startable, create };
};

/** The shrink step, of members that the update leaves alone. */
export const planShrink = (
  { scaleStrategy, revision }: ObservedPool,
  census: Census,
  { desired, rollout }: SizeChange,
) => {
  const { scheduled, idle } = census;
  const excess = Math.max(0, scheduled.length - rollout.replaced.length - desired);
  const limit = maxUnavailable(scaleStrategy, scheduled.length);
  if (excess === 0) return { excess, limit, surplus: [], staleSurplus: 0 };
  const replaced = new Set(rollout.replaced);
  const left = idle.filter((member) => !replaced.has(member)).sort(shrinkOrder(revision));
  const surplus = left.slice(0, Math.min(excess, limit));
  return { excess, limit, surplus, staleSurplus: surplus.filter((member) => member.revision !== revision).length };
};

export type Growth = ReturnType<typeof planGrowth>;
export type Shrink = ReturnType<typeof planShrink>;
