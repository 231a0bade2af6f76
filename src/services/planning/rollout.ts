// The update step: which idle members of another revision are replaced now.
import { isStarting, type Census } from './census.ts';
import { maxUnavailable } from './max-unavailable.ts';
import type { ObservedPool } from './observed-pool.ts';
import { updateOrder } from './removal-order.ts';

export interface RolloutBounds {
  /** The desired size within poolMax, computed before the update removes anything, so that an update keeps the size. */
  readonly level: number;
  /** While starts back off, no ready member is replaced. */
  readonly isBackingOff: boolean;
}

/**
 * Stale idle members, those that are replaced now, and how many ready ones may be missing at most (`limit`) and be
 * replaced now (`budget`). Source: OpenSandbox's pool controller. Corrected: the limit is a share of the buffer, and
 * members that are already missing count against it; otherwise an update drains a pool whose members do not start.
 */
export const planRollout = (pool: ObservedPool, census: Census, { level, isBackingOff }: RolloutBounds) => {
  const { idle, allocated, scheduled } = census;
  const stale = idle.filter(({ revision }) => revision !== pool.revision).sort(updateOrder);
  const limit = maxUnavailable(pool.updateStrategy, Math.max(level - allocated - pool.unmet, 0));
  const missing = Math.max(0, level - (scheduled.length - census.starting));
  const budget = isBackingOff ? 0 : Math.max(0, limit - missing);
  // Starting ones are first in the order of removal, and cost nothing.
  const starting = stale.filter(isStarting).length;
  return { stale, replaced: stale.slice(0, starting + budget), starting, limit, budget };
};

export type Rollout = ReturnType<typeof planRollout>;
