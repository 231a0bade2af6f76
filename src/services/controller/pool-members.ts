// What a forecast of the next free member needs to know about a pool.
import { isStuck } from '../planning/census.ts';
import type { ClaimIndex } from '../claims/claim-index.ts';
import type { PoolMembers } from '../claims/ports.ts';
import type { MemberDurations } from './member-durations.ts';
import type { MemberTable, TableMember } from './member-table.ts';

type Parts = {
  readonly members: MemberTable;
  readonly durations: MemberDurations;
  readonly claims: ClaimIndex;
  readonly backOff: PoolMembers['backOff'];
};

export const poolMembers = (poolUid: string, { members, durations, claims, backOff }: Parts): PoolMembers => ({
  startingSinceMs: [...members.of(poolUid)].filter(isOnItsWay).map(({ startingSinceMs }) => startingSinceMs),
  existing: members.count(poolUid),
  stuck: members.of(poolUid).filter(isStuck).toArray().length,
  backOff,
  ...durations.of(poolUid),
  live: [...claims.liveOf(poolUid)],
});

const isOnItsWay = ({ phase, allocated }: TableMember) => phase === 'starting' && !allocated;
