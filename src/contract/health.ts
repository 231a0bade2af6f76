// What the operational routes answer.
import { z } from 'zod';

export const Health = z
  .object({ status: z.literal('healthy') })
  .meta({ id: 'Health', description: 'The process answers.' });

export const Readiness = z
  .object({
    status: z.enum(['ready', 'degraded']),
    reasons: z.array(z.string()).describe('Why the server is degraded, in sentences.'),
  })
  .meta({ id: 'Readiness', description: 'The server serves requests; degraded: with restrictions.' });
export type Readiness = z.infer<typeof Readiness>;
