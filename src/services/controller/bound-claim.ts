// The claim that a draft becomes when a member is bound to it.
import type { Claim, ClaimedMember } from '../../contract/claim.ts';
import { rfc3339 } from '../../lib/clock.ts';
import type { ClaimDraft, StoredClaim } from '../claims/ports.ts';
import type { TableMember } from './member-table.ts';
import type { Pool } from '../pools/pool.ts';

/** What a claim says about its member, as the driver last reported it. */
export const claimedMember = ({ name, address, ports, node, message }: TableMember): ClaimedMember => ({
  name,
  ...(address !== undefined && { address }),
  ...(ports !== undefined && { ports: [...ports] }),
  ...(node !== undefined && { node }),
  ...(message !== undefined && { message }),
});

/** The claim on a member that is held from now on; `nowMs` is epoch milliseconds. */
export const boundClaim = (
  pool: Pool,
  member: TableMember & { readonly claimId: string },
  { createdAtMs, leaseMs, retry, ttlSeconds, labels, launch }: ClaimDraft,
  nowMs: number,
): StoredClaim => {
  const expiresAtMs = nowMs + leaseMs;
  const claim: Claim = {
    id: member.claimId,
    pool: pool.name,
    poolUid: pool.uid,
    state: 'bound',
    member: claimedMember(member),
    launch,
    ttlSeconds,
    ...(labels !== undefined && { labels }),
    createdAt: rfc3339(createdAtMs),
    boundAt: rfc3339(nowMs),
    expiresAt: rfc3339(expiresAtMs),
  };
  return { claim, expiresAtMs, ...(retry && { retry }) };
};
