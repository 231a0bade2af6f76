// A decision: a plan for one pool that was carried out, with its reasons.
import { z } from 'zod';
import { DECISIONS_MAX_LIMIT } from './limits.ts';
import { must } from './must.ts';

const Count = z.int().min(0);

/** Why a plan is what it is. A bound sets the wanted size; a limit holds the step back. FORECAST: another controller decides. */
const REASON_CODES = [
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
  'WaitingForStarts',
  'MaxUnavailable',
  'PoolDeleted',
  'FORECAST',
] as const;

export const Reason = z
  .object({ code: z.enum(REASON_CODES), message: z.string() })
  .meta({ id: 'Reason', description: 'One reason of a decision.' });
export type Reason = z.infer<typeof Reason>;
export type ReasonCode = Reason['code'];

export const Decision = z
  .object({
    id: z.string(),
    pool: z.string(),
    at: z.iso.datetime(),
    generation: z.int(),
    observed: z
      .object({ total: Count, allocated: Count, available: Count, starting: Count, unmet: Count })
      .describe('What was there before the step; `unmet` are members that waiting claims still need.'),
    desired: Count.describe('The size that the capacity rules ask for.'),
    create: Count.describe('Members that were started.'),
    remove: z.array(z.string()).describe('Names of the members that were removed, in order.'),
    reasons: z.array(Reason),
    sentence: z.string().describe('The reasons in one sentence.'),
  })
  .meta({ id: 'Decision', description: 'One scaling step that was carried out, and why.' });
export type Decision = z.infer<typeof Decision>;

/** What would be done first, and why: the answer to a dry run. */
export const PoolPlan = Decision.pick({ desired: true, reasons: true, sentence: true })
  .extend({
    create: Count.describe('Members that would be started first.'),
    remove: z.array(z.string()).describe('Names of the members that would be removed first, in order.'),
  })
  .meta({ id: 'PoolPlan', description: 'The first step that a write would lead to, and why.' });
export type PoolPlan = z.infer<typeof PoolPlan>;

export const DecisionList = z
  .object({ items: z.array(Decision) })
  .meta({ id: 'DecisionList', description: 'Decisions, newest first.' });
export type DecisionList = z.infer<typeof DecisionList>;

const inRange = must(`be an integer from 1 to ${DECISIONS_MAX_LIMIT}`);

/** How many decisions are answered. */
export const DecisionLimit = z.int(inRange).min(1, inRange).max(DECISIONS_MAX_LIMIT, inRange);
