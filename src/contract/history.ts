// The history of a pool: columns of figures over time, one point for each step.
import { z } from 'zod';
import { SAMPLE_SECONDS } from './limits.ts';
import { must } from './must.ts';

/** Names of the columns of figures, in the order in which they are returned. */
export const HISTORY_COLUMNS = [
  'desired',
  'available',
  'allocated',
  'starting',
  'unmet',
  'claims',
  'misses',
  'waitP95Ms',
  'bufferMin',
  'bufferMax',
  'poolMax',
] as const;
export type HistoryColumn = (typeof HISTORY_COLUMNS)[number];

/** Null where nothing was sampled. */
const column = (description: string) => z.array(z.int().min(0).nullable()).describe(description);

export const HistoryColumns = z
  .object({
    time: z.array(z.int()).describe('Start of the interval of each point, in seconds since 1970-01-01 UTC.'),
    desired: column('Pool size that the scaling rule asks for: the maximum of the interval.'),
    available: column('Number of members that are ready and not allocated: the minimum of the interval.'),
    allocated: column('Number of members held by a claim: the maximum of the interval.'),
    starting: column('Number of members that are starting: the maximum of the interval.'),
    unmet: column('Number of members that waiting claims need: the maximum of the interval.'),
    claims: column('Number of claims that were bound in the interval.'),
    misses: column(
      'Number of requests for a claim that found no free member and ended in the interval: bound later, or refused with 429 or 504.',
    ),
    waitP95Ms: column(
      '95th percentile of the time from request to bound claim, in milliseconds, of the claims bound in a sample: the maximum of the interval. Null if no claim was bound.',
    ),
    bufferMin: column('`bufferMin` of the pool at the time: the maximum of the interval.'),
    bufferMax: column('`bufferMax` of the pool at the time: the maximum of the interval.'),
    poolMax: column('`poolMax` of the pool at the time: the maximum of the interval.'),
  } satisfies Record<HistoryColumn | 'time', z.ZodType>)
  .meta({
    id: 'HistoryColumns',
    description:
      'Arrays of equal length, one element for each point. Counts are sampled every 10 seconds. `null` where nothing was sampled, such as while the server was stopped, or where the runtime does not know the figure.',
  });
export type HistoryColumns = z.infer<typeof HistoryColumns>;

export const PoolHistory = z
  .object({
    name: z.string().describe('Name of the pool.'),
    stepSeconds: z
      .int()
      .describe(
        'Seconds between two points. Longer than the requested step if the range begins more than a day ago: then it is a multiple of 300.',
      ),
    columns: HistoryColumns,
  })
  .meta({ id: 'PoolHistory', description: 'Figures of a pool over time.' });
export type PoolHistory = z.infer<typeof PoolHistory>;

const time = must('be an RFC 3339 time, such as 2026-01-01T12:00:00Z');

/** An RFC 3339 time with any offset. */
const Time = z.iso.datetime({ offset: true, ...time });

const inSteps = must(`be a positive multiple of ${SAMPLE_SECONDS}`);

/** The range and the step of a history. That the range is not empty depends on the time of the request. */
export const HistoryOptions = z.strictObject({
  from: Time.optional(),
  to: Time.optional(),
  step: z.int(inSteps).min(SAMPLE_SECONDS, inSteps).multipleOf(SAMPLE_SECONDS, inSteps).optional(),
});
export type HistoryOptions = z.infer<typeof HistoryOptions>;
