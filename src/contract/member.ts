// A member: one sandbox of a pool.
import { z } from 'zod';
import { Int32 } from './capacity-spec.ts';

export const MemberPhase = z
  .enum(['starting', 'ready', 'failed', 'terminating'])
  .meta({ id: 'MemberPhase', description: 'Lifecycle phase of a member.' });
export type MemberPhase = z.infer<typeof MemberPhase>;

const PortProtocol = z
  .enum(['TCP', 'UDP', 'SCTP'])
  .meta({ id: 'PortProtocol', description: 'Transport protocol of a port.' });

export const MemberPort = z
  .object({
    containerPort: Int32.describe('Port inside the member.'),
    name: z.string().optional().describe('Name of the port in the template.'),
    protocol: PortProtocol,
    host: z
      .string()
      .optional()
      .describe(
        'Host and port that reach it from the machine of the server, where it is published: `127.0.0.1:32768`.',
      ),
  })
  .meta({ id: 'MemberPort', description: 'A port that the template declares.' });
export type MemberPort = z.infer<typeof MemberPort>;

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
    ports: z.array(MemberPort).optional().describe('Ports that the template declares.'),
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
