// The update step: which idle members of another revision are replaced now.
import { isStarting, type Census } from './census.ts';
import { maxUnavailable } from './max-unavailable.ts';
import type { ObservedPool } from './observed-pool.ts';
import { updateOrder } from './removal-order.ts';

export interface RolloutBounds {
  /** The wanted size within poolMax, taken before the update removes anything, so that an update keeps the level. */
  readonly wanted: number;
  /** While starts back off no ready member goes. */
  readonly isBackingOff: boolean;
}

/**
 * Stale idle members, those that go now, and how many ready ones may be missing at most (`limit`) and go now (`budget`).
 * Source: OpenSandbox's pool controller, corrected: the limit is a share of the buffer, and what is already missing
 * counts against it, else an update drains a pool whose members do not start.
 */
export const planRollout = (pool: ObservedPool, census: Census, { wanted, isBackingOff }: RolloutBounds) => {
  const stale = census.idle.filter(({ revision }) => revision !== pool.revision).sort(updateOrder);
  const limit = maxUnavailable(pool.updateStrategy, Math.max(wanted - census.allocated - pool.unmet, 0));
  const missing = Math.max(0, wanted - census.ready);
  const budget = isBackingOff ? 0 : Math.max(0, limit - missing);
  // Starting ones come first in the order of removal, and cost nothing.
  const starting = stale.filter(isStarting).length;
  return { stale, replaced: stale.slice(0, starting + budget), starting, limit, budget };
};
