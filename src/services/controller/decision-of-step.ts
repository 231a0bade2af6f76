// The decision that is kept of one step: the plan, as far as it was carried out.
import type { Decision } from '../../contract/decision.ts';
import { rfc3339 } from '../../lib/clock.ts';
import type { Plan } from '../planning/decide.ts';
import { explain } from '../planning/explain.ts';
import type { Pool } from '../pools/pool.ts';

type StepOutcome = { readonly created: number; readonly removed: string[]; readonly refusals: readonly string[] };

/** `refusals` are the messages of the driver for members that it did not start. */
export const decisionOfStep = (pool: Pool, plan: Plan, outcome: StepOutcome, nowMs: number): Omit<Decision, 'id'> => {
  const { created, removed, refusals } = outcome;
  const { reasons, sentence } = explain(plan);
  const later = plan.create - created - refusals.length;
  const rest = later > 0 ? ` ${later} more will be started in later steps.` : '';
  const failure = refusals[0] === undefined ? '' : ` ${refusals.length} could not be started: ${refusals[0]}.`;
  return {
    pool: pool.name,
    at: rfc3339(nowMs),
    generation: pool.generation,
    observed: plan.observed,
    desired: plan.desired,
    create: created,
    remove: removed,
    reasons,
    sentence: `${sentence}${rest}${failure}`,
  };
};
