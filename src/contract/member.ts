// A member: one sandbox of a pool.
import { z } from 'zod';

export const MemberPhase = z.enum(['starting', 'ready', 'failed', 'terminating']);
export type MemberPhase = z.infer<typeof MemberPhase>;

export const Member = z
  .object({
    name: z.string(),
    pool: z.string(),
    phase: MemberPhase,
    allocated: z.boolean().describe('Whether a claim holds it.'),
    claimId: z.string().optional(),
    revision: z.string().describe('Hash of the template that it was made from.'),
    stale: z.boolean().describe('Whether the pool’s template has changed since.'),
    address: z.string().optional(),
    node: z.string().optional(),
    createdAt: z.iso.datetime(),
    readyAt: z.iso.datetime().optional(),
    restarts: z.int().min(0),
    message: z.string().optional().describe('Why it failed, where it did.'),
  })
  .meta({ id: 'Member', description: 'One sandbox of a pool.' });
export type Member = z.infer<typeof Member>;

export const MemberList = z
  .object({ items: z.array(Member) })
  .meta({ id: 'MemberList', description: 'Members, ordered by name.' });
export type MemberList = z.infer<typeof MemberList>;
