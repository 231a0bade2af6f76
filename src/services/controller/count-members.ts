// Numbers of members and claims, for metrics.
import type { Pool } from '../pools/pool.ts';
import type { MemberCounts } from '../runtime.ts';
import type { MemberTable } from './member-table.ts';

export const countMembersOf = (pools: readonly Pool[], members: MemberTable): MemberCounts[] =>
  pools.map(({ name, uid, status }) => {
    const phases = { starting: 0, ready: 0, failed: 0, terminating: 0 };
    for (const { phase } of members.of(uid)) phases[phase] += 1;
    return { pool: name, status, phases, claims: { bound: members.heldCount(uid), waiting: members.unmet(uid) } };
  });
