import type { Claim } from '../../../../contract/claim.ts';
import { PAGE_MAX_LIMIT } from '../../../../contract/limits.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { client } from '../../../api/client.ts';
import { usePoolQuery } from '../../../pool/use-pool-query.ts';

type Claims = { readonly items: readonly Claim[]; /** How many are not in `items`. */ readonly more: number };

/** Held ones first, the oldest first; then those that ended, the newest first. */
const byEnd = (a: Claim, b: Claim): number => {
  if (a.endedAt === undefined || b.endedAt === undefined)
    return Number(a.endedAt !== undefined) - Number(b.endedAt !== undefined);
  return Date.parse(b.endedAt) - Date.parse(a.endedAt);
};

/** The claims of a pool, the oldest first; `all`: with those that ended in the last hour. */
export const useClaims = (pool: PoolResponse, state: 'live' | 'all') =>
  usePoolQuery<Claims>(pool, ['claims', state], async (signal) => {
    const { items, remainingItemCount = 0 } = await client.claims.list.query(
      { name: pool.name, limit: PAGE_MAX_LIMIT, ...(state === 'all' && { state }) },
      { signal },
    );
    return { items: items.toSorted(byEnd), more: remainingItemCount };
  });
