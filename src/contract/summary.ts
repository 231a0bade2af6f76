// Summaries: what an overview shows of every pool, in one response.
import { z } from 'zod';
import { Int32 } from './capacity-spec.ts';
import { ReasonCode } from './decision.ts';

/** Number of elements of `available`, and the seconds that each of them covers: 30 minutes. */
export const SPARKLINE_POINTS = 60;
export const SPARKLINE_STEP_SECONDS = 30;

const LastDecision = z
  .object({
    at: z.iso.datetime().describe('When the step was carried out.'),
    sentence: z.string().describe('The step and its reasons as text.'),
    reasons: z.array(ReasonCode).describe('Codes of the reasons; `sentence` has their texts.'),
  })
  .meta({ id: 'LastDecision', description: 'The newest scaling decision of a pool.' });
export type LastDecision = z.infer<typeof LastDecision>;

export const PoolSummary = z
  .object({
    name: z.string().describe('Name of the pool.'),
    uid: z.string().describe('Unique identifier of the pool.'),
    unmet: Int32.describe('Number of members that waiting claims need.'),
    claimsPerMinute: z
      .number()
      .min(0)
      .describe('Average number of claims bound per minute in the last 5 minutes; 0 where the runtime has no claims.'),
    hitRate: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe(
        'Share of the requests for a claim in the last 30 minutes that found a free member. Absent if there was no request.',
      ),
    available: z
      .array(Int32.nullable())
      .length(SPARKLINE_POINTS)
      .describe(
        'Number of members that are ready and not allocated in the last 30 minutes, oldest first: the minimum of each step. `null` where nothing was sampled.',
      ),
    availableStepSeconds: z.int().describe('Seconds between two elements of `available`.'),
    lastDecision: LastDecision.optional().describe('Absent if there was none, or if another controller decides.'),
  })
  .meta({ id: 'PoolSummary', description: 'What an overview shows of a pool. At most 10 seconds old.' });
export type PoolSummary = z.infer<typeof PoolSummary>;

export const PoolSummaries = z
  .object({ items: z.array(PoolSummary) })
  .meta({ id: 'PoolSummaries', description: 'Summaries of pools, ordered by name.' });
export type PoolSummaries = z.infer<typeof PoolSummaries>;
