// Responses of the health and readiness routes.
import { z } from 'zod';

export const Health = z
  .object({ status: z.literal('healthy') })
  .meta({ id: 'Health', description: 'The process is alive.' });

const ReadinessStatus = z.enum(['ready', 'degraded']).meta({
  id: 'ReadinessStatus',
  description: '`degraded`: the server can serve requests, with the restrictions listed in `reasons`.',
});

export const Readiness = z
  .object({
    status: ReadinessStatus,
    reasons: z
      .array(z.string())
      .describe('Reasons why the server is degraded, one sentence each; empty if it is ready.'),
  })
  .meta({ id: 'Readiness', description: 'The server can serve requests.' });
export type Readiness = z.infer<typeof Readiness>;
