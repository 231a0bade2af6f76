// The scaling rule: what to do with one pool at one moment. Numbers and names only; `explain` writes the sentences.
import type { CapacitySpec } from '../../contract/capacity-spec.ts';
import type { Decision } from '../../contract/decision.ts';
import { isReady, takeCensus } from './census.ts';
import { desiredSize, type DesiredSize } from './desired-size.ts';
import type { ObservedMember, ObservedPool } from './observed-pool.ts';
import { byName } from './removal-order.ts';
import { planGrowth, planShrink } from './resize.ts';
import { planRollout } from './rollout.ts';
import { stepLimit, type StepLimit } from './step-limit.ts';

/**
 * A failed or requested member is removed even if a claim holds it. The others are removed only if they are still
 * unallocated at that moment, which the caller checks in one atomic step with claiming.
 */
export interface Removal {
  readonly name: string;
  readonly because: 'failed' | 'requested' | 'update' | 'shrink';
}

/** What to do with one pool. */
export interface Plan extends DesiredSize {
  /** The capacity that the plan is for. */
  readonly capacity: CapacitySpec;
  /** How many members to start. */
  readonly create: number;
  /** Failed and requested members by name, then those that an update replaces, then those by which the pool shrinks. */
  readonly remove: readonly Removal[];
  /** Idle members of another revision before the step. */
  readonly stale: number;
  /** What keeps the step from reaching the desired size; undefined when nothing does. */
  readonly limit: StepLimit | undefined;
  /** The pool before the step, without terminating members and those to recycle or evict. */
  readonly observed: Readonly<Decision['observed']>;
  /** How many of `observed.total` have the current revision. */
  readonly updated: number;
}

/**
 * Plans one step for one pool; `nowMs` is epoch milliseconds. The plan does not depend on the order of members.
 * Source: OpenSandbox's pool controller. Corrected: starting members count as buffer, waiting claims are not counted
 * twice, an update keeps the size and includes what is already missing, a shrink is a share of the current size.
 */
export const decide = (pool: ObservedPool, nowMs: number): Plan => {
  const { capacitySpec, unmet, revision } = pool;
  const census = takeCensus(pool);
  const { failed, requested, scheduled, idle, allocated, starting } = census;
  const size = desiredSize(pool, census);
  const isBackingOff = pool.backOffUntilMs !== undefined && nowMs < pool.backOffUntilMs;
  const backOffUntilMs = isBackingOff ? pool.backOffUntilMs : undefined;
  const situation = { pool, census, desired: size.desired, backOffUntilMs };
  const rollout = planRollout(situation);
  const growth = planGrowth(situation, rollout);
  const shrink = planShrink(situation, rollout);
  const counted = [...scheduled, ...failed];
  return {
    ...size,
    capacity: capacitySpec,
    create: growth.create,
    remove: [
      ...[...removals(failed, 'failed'), ...removals(requested, 'requested')].sort(byName),
      ...removals(rollout.replaced, 'update'),
      ...removals(shrink.surplus, 'shrink'),
    ],
    stale: rollout.stale.length,
    limit: stepLimit(situation, { rollout, growth, shrink }),
    observed: { total: counted.length, allocated, available: idle.filter(isReady).length, starting, unmet },
    updated: counted.filter((member) => member.revision === revision).length,
  };
};

/** Whether the step starts members, or replaces some, for which the image of the current revision is needed. */
export const needsImage = ({ create, remove }: Plan): boolean =>
  create > 0 || remove.some(({ because }) => because === 'update');

/** The plan until the image is there: nothing is started, and an update removes no member that it cannot replace. */
export const withoutStarts = (plan: Plan): Plan => ({
  ...plan,
  create: 0,
  remove: plan.remove.filter(({ because }) => because !== 'update'),
  limit: { code: 'PullingImage' },
});

const removals = (members: readonly ObservedMember[], because: Removal['because']): Removal[] =>
  members.map(({ name }) => ({ name, because }));
