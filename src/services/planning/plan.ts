// The scaling rule: what to do with one pool at one moment, and why.
import type { Decision, Reason } from '../../contract/decision.ts';
import { isReady, takeCensus } from './census.ts';
import { desiredSize } from './desired-size.ts';
import { maxUnavailable } from './max-unavailable.ts';
import type { ObservedMember, ObservedPool } from './observed-pool.ts';
import { explain } from './reasons.ts';
import { byName, shrinkOrder } from './removal-order.ts';
import { planRollout } from './rollout.ts';
import { stepLimit } from './step-limit.ts';

/** What is to be done with one pool, and why. */
export interface Plan {
  /** The size that the capacity asks for. May be above poolMax, which limits creation only. */
  readonly desired: number;
  /** How many members to start. */
  readonly create: number;
  /**
   * Names of the members to remove: failed and requested ones by name, then those that an update replaces, then those
   * by which the pool shrinks. Only the first kind may be allocated: the others go only if they still are not at the
   * moment of removal, which the caller checks in one atomic step with claiming.
   */
  readonly remove: readonly string[];
  /** The bound that set the size, what is removed and why, then what limited the step, or that the pool is at rest. */
  readonly reasons: readonly Reason[];
  /** The reasons, and what is done, for people to read. */
  readonly sentence: string;
  /** What was there before the step, without terminating members and without those to recycle or evict. */
  readonly observed: Readonly<Decision['observed']>;
  /** How many of `observed.total` are of the present revision. */
  readonly updated: number;
}

/**
 * Plans one step for one pool. `nowMs` is epoch milliseconds. The order in which members are listed does not count.
 * Source: OpenSandbox's pool controller, corrected: members on their way count as buffer, waiting claims are not
 * counted twice, an update keeps the level and sees what is already missing, a shrink is a share of what there is.
 */
export const planPool = (pool: ObservedPool, nowMs: number): Plan => {
  const { capacitySpec, scaleStrategy, unmet, revision, backOffUntilMs } = pool;
  const { poolMax } = capacitySpec;
  const isBackingOff = backOffUntilMs !== undefined && nowMs < backOffUntilMs;
  const census = takeCensus(pool);
  const { failed, requested, idle, allocated, starting, existing } = census;
  const scheduled = census.scheduled.length;

  const { desired, reason: size } = desiredSize(capacitySpec, { scheduled, allocated, unmet });
  const rollout = planRollout(pool, census, { wanted: Math.min(desired, poolMax), isBackingOff });
  const { stale, replaced } = rollout;
  const kept = scheduled - replaced.length;

  const lacking = Math.max(0, desired - kept);
  const startLimit = maxUnavailable(scaleStrategy, desired);
  const startingKept = starting - rollout.starting;
  const create = isBackingOff ? 0 : Math.max(0, Math.min(lacking, poolMax - existing, startLimit - startingKept));

  const excess = Math.max(0, kept - desired);
  const shrinkLimit = maxUnavailable(scaleStrategy, scheduled);
  const surplus = idle.filter(notIn(replaced)).sort(shrinkOrder(revision)).slice(0, Math.min(excess, shrinkLimit));

  const limit = stepLimit({
    backingOffUntilMs: isBackingOff ? backOffUntilMs : undefined,
    poolMax,
    existing,
    terminating: census.terminating,
    lacking,
    create,
    starting: startingKept,
    startLimit,
    staleLeft: stale.filter(notIn([...replaced, ...surplus])).length,
    updateLimit: rollout.limit,
    updateBudget: rollout.budget,
    excess,
    shrinkLimit,
  });
  const counted = [...census.scheduled, ...failed];
  return {
    desired,
    create,
    remove: [...[...failed, ...requested].sort(byName), ...replaced, ...surplus].map(({ name }) => name),
    ...explain({
      size,
      limit,
      failed: failed.length,
      requested: requested.length,
      stale: stale.length,
      replaced: replaced.length,
      surplus: surplus.length,
      create,
      scheduled,
      starting,
    }),
    observed: { total: counted.length, allocated, available: idle.filter(isReady).length, starting, unmet },
    updated: counted.filter((member) => member.revision === revision).length,
  };
};

/** Whether a plan is kept as a decision: it does something, or its reason codes are not those of the last one kept. */
export const isWorthRecording = (plan: Plan, previousReasonCodes: readonly string[] = []): boolean =>
  plan.create > 0 ||
  plan.remove.length > 0 ||
  plan.reasons.length !== previousReasonCodes.length ||
  plan.reasons.some(({ code }, index) => code !== previousReasonCodes[index]);

const notIn = (members: readonly ObservedMember[]) => {
  const excluded = new Set(members);
  return (member: ObservedMember) => !excluded.has(member);
};
