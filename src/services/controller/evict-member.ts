// Stops a member at a client's request.
import { memberInUse, memberNotFound } from '../claims/claim-errors.ts';
import type { ClaimStore } from '../claims/ports.ts';
import type { Pool } from '../pools/pool.ts';
import type { MemberOrders } from './member-orders.ts';
import type { MemberTable } from './member-table.ts';

type Parts = {
  readonly members: MemberTable;
  readonly orders: MemberOrders;
  readonly end: ClaimStore['end'];
};

/** See `ClaimStore.evict`. */
export const evictMember = async (
  parts: Parts,
  pool: Pool,
  name: string,
  options: { readonly isForced: boolean },
): Promise<void> => {
  const { members, orders, end } = parts;
  const member = members.get(name);
  if (member?.poolUid !== pool.uid) throw memberNotFound(pool.name, name);
  if (member.claimId !== undefined) {
    if (!options.isForced) throw memberInUse(name, member.claimId);
    const { claim } = await end(member.claimId, { state: 'lost', reason: 'Evicted' });
    // Another end came first, and may have returned the member to the buffer or to its next holder.
    if (claim.reason !== 'Evicted' && members.get(name) !== undefined) await evictMember(parts, pool, name, options);
    return;
  }
  const { removed, errors } = await orders.stop([name]);
  if (errors.length > 0) throw errors[0];
  // Another server bound it at the same time.
  if (removed.length === 0 && members.get(name)?.claimId !== undefined) await evictMember(parts, pool, name, options);
};
