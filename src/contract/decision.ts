// Decisions: the scaling steps that were carried out for a pool, each with its reasons.
import { z } from 'zod';
import { Int32 } from './capacity-spec.ts';
import { DECISIONS_MAX_LIMIT } from './limits.ts';
import { must } from './must.ts';

/** Why a step was chosen: a bound that sets the desired size, or a limit on the step. */
export const ReasonCode = z
  .enum([
    'AtRest',
    'WithinBuffer',
    'BufferMin',
    'BufferMax',
    'PoolMin',
    'PoolMax',
    'RemoveFailed',
    'RemoveRequested',
    'RollingOut',
    'BackingOff',
    'PullingImage',
    'WaitingForStarts',
    'MaxUnavailable',
    'PoolDeleted',
    'FORECAST',
  ])
  .meta({
    id: 'ReasonCode',
    description:
      'Machine-readable reason for a scaling step. `FORECAST`: another controller scales the pool, so the step is an estimate.',
  });
export type ReasonCode = z.infer<typeof ReasonCode>;

export const Reason = z
  .object({ code: ReasonCode, message: z.string().describe('Human-readable explanation.') })
  .meta({ id: 'Reason', description: 'One reason for a scaling step.' });
export type Reason = z.infer<typeof Reason>;

const DecisionObserved = z
  .object({
    total: Int32.describe('Number of members that exist and are not terminating.'),
    allocated: Int32.describe('Number of members held by a claim.'),
    available: Int32.describe('Number of members that are ready and not allocated.'),
    starting: Int32.describe('Number of members that are starting.'),
    unmet: Int32.describe('Number of members that waiting claims need.'),
  })
  .meta({ id: 'DecisionObserved', description: 'Member counts before the step.' });

const Step = z.object({
  desired: Int32.describe('Pool size that the scaling rule asks for.'),
  reasons: z.array(Reason).describe('Reasons for the step.'),
  sentence: z.string().describe('The step and its reasons as text.'),
});

export const Decision = z
  .object({
    id: z.string().describe('Identifier of the decision.'),
    pool: z.string().describe('Name of the pool.'),
    at: z.iso.datetime().describe('When the step was carried out.'),
    generation: z.int().describe('Generation of the pool that the decision is based on.'),
    observed: DecisionObserved,
    ...Step.shape,
    create: Int32.describe('Number of members that were started.'),
    remove: z.array(z.string()).describe('Names of the members that were stopped, in order.'),
  })
  .meta({ id: 'Decision', description: 'A scaling step that was carried out, and why.' });
export type Decision = z.infer<typeof Decision>;

/** Returned by dry runs. */
export const PoolPlan = Step.extend({
  observed: DecisionObserved.optional().describe('Member counts now. Absent from the plan of a deletion.'),
  create: Int32.describe('Number of members that would be started.'),
  remove: z.array(z.string()).describe('Names of the members that would be stopped, in order.'),
}).meta({ id: 'PoolPlan', description: 'The first scaling step that the write would cause, and why.' });
export type PoolPlan = z.infer<typeof PoolPlan>;

export const DecisionList = z
  .object({ items: z.array(Decision) })
  .meta({ id: 'DecisionList', description: 'Decisions, newest first.' });
export type DecisionList = z.infer<typeof DecisionList>;

const inRange = must(`be an integer from 1 to ${DECISIONS_MAX_LIMIT}`);

/** Maximum number of decisions to return. */
export const DecisionLimit = z.int(inRange).min(1, inRange).max(DECISIONS_MAX_LIMIT, inRange);
