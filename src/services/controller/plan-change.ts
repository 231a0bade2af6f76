// The first scaling step after a change that a client asks about.
import type { Clock } from '../../lib/clock.ts';
import type { StartBackOff } from '../planning/conditions.ts';
import { decide } from '../planning/decide.ts';
import { planDeletion, toPoolPlan } from '../planning/explain.ts';
import { revisionOf } from '../planning/revision.ts';
import type { PoolPlanner } from '../pools/ports.ts';
import type { MemberTable } from './member-table.ts';
import { isNewTemplate, observe } from './observe-pool.ts';

type PlannerOptions = {
  readonly members: MemberTable;
  readonly backOffOf: (poolUid: string) => StartBackOff | undefined;
  readonly clock: Clock;
};

export const planFrom = ({ members, backOffOf, clock }: PlannerOptions): PoolPlanner => ({
  plan: async ({ before, after }) => {
    if (after === undefined) return planDeletion([...members.of(before.uid)]);
    const isRetried = before !== undefined && !isNewTemplate(before, revisionOf(after));
    const untilMs = isRetried ? backOffOf(before.uid)?.untilMs : undefined;
    return toPoolPlan(decide(observe(after, members, untilMs), clock.now()));
  },
});
