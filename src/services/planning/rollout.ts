// The update step: which idle members of another revision are replaced now.
import { isStarting, type Situation } from './census.ts';
import { maxUnavailableOf } from './max-unavailable.ts';
import { updateOrder } from './removal-order.ts';

/**
 * Stale idle members, those that are replaced now, and how many ready ones may be missing at most (`limit`) and be
 * replaced now (`budget`: none while starts back off). Source: OpenSandbox's pool controller. Fixed here: the limit is a
 * share of the buffer, and members that are already missing use it up; otherwise an update drains a pool whose
 * members do not start.
 */
export const planRollout = ({ pool, census, desired, backOffUntilMs }: Situation) => {
  const { idle, allocated, scheduled } = census;
  const stale = idle.filter(({ revision }) => revision !== pool.revision).sort(updateOrder);
  // Taken before the update removes anything, so that an update keeps the level.
  const level = Math.min(desired, pool.capacitySpec.poolMax);
  const limit = maxUnavailableOf(pool.updateStrategy, Math.max(level - allocated - pool.unmet, 0));
  const missing = Math.max(0, level - (scheduled.length - census.starting));
  const budget = backOffUntilMs === undefined ? Math.max(0, limit - missing) : 0;
  // Starting ones are first in the order of removal, and cost nothing.
  const starting = stale.filter(isStarting).length;
  return { stale, replaced: stale.slice(0, starting + budget), starting, limit, budget };
};

export type Rollout = ReturnType<typeof planRollout>;
