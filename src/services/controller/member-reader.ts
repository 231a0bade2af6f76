// The members of a pool as clients see them.
import type { Member } from '../../contract/member.ts';
import { rfc3339 } from '../../lib/clock.ts';
import { byName } from '../planning/removal-order.ts';
import { revisionOf } from '../planning/revision.ts';
import type { MemberReader } from '../pools/ports.ts';
import type { Pool } from '../pools/pool.ts';
import type { MemberTable, TableMember } from './member-table.ts';

export const readMembers = (table: MemberTable): MemberReader => ({
  list: (pool: Pool) => {
    const revision = revisionOf(pool);
    const members = [...table.of(pool.uid)].sort(byName);
    return Promise.resolve(members.map((member) => toMember(member, revision)));
  },
});

const toMember = (member: TableMember, currentRevision: string): Member => ({
  name: member.name,
  pool: member.poolName,
  phase: member.phase,
  allocated: member.allocated,
  ...(member.claimId !== undefined && { claimId: member.claimId }),
  revision: member.revision,
  stale: member.revision !== currentRevision,
  ...(member.address !== undefined && { address: member.address }),
  ...(member.ports !== undefined && { ports: [...member.ports] }),
  ...(member.node !== undefined && { node: member.node }),
  createdAt: rfc3339(member.createdAtMs),
  ...(member.readyAtMs !== undefined && { readyAt: rfc3339(member.readyAtMs) }),
  restarts: member.restarts,
  ...(member.message !== undefined && { message: member.message }),
});
