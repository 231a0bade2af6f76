// A member: one sandbox of a pool.
import { z } from 'zod';
import { Int32 } from './capacity-spec.ts';

export const MemberPhase = z
  .enum(['starting', 'ready', 'failed', 'terminating'])
  .meta({ id: 'MemberPhase', description: 'Lifecycle phase of a member.' });
export type MemberPhase = z.infer<typeof MemberPhase>;

export const Member = z
  .object({
    name: z.string().describe('Name of the member.'),
    pool: z.string().describe('Name of the pool.'),
    phase: MemberPhase,
    allocated: z.boolean().describe('Whether a claim holds the member.'),
    claimId: z.string().optional().describe('Identifier of the claim that holds the member.'),
    revision: z.string().describe('Hash of the template that the member was started from.'),
    stale: z.boolean().describe('Whether the template of the pool has changed since the member was started.'),
    address: z.string().optional().describe('Network address of the member.'),
    node: z.string().optional().describe('Kubernetes node that the member runs on.'),
    createdAt: z.iso.datetime().describe('When the member was created.'),
    readyAt: z.iso.datetime().optional().describe('When the member became ready.'),
    restarts: Int32.describe('Number of container restarts.'),
    message: z.string().optional().describe('Why the member failed or is not ready yet, if known.'),
  })
  .meta({ id: 'Member', description: 'One sandbox of a pool.' });
export type Member = z.infer<typeof Member>;

export const MemberList = z
  .object({ items: z.array(Member) })
  .meta({ id: 'MemberList', description: 'Members, ordered by name.' });
export type MemberList = z.infer<typeof MemberList>;
