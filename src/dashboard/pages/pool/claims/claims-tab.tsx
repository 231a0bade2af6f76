import type { PoolResponse } from '../../../../contract/pool.ts';

export const ClaimsTab = ({ pool }: { readonly pool: PoolResponse }) => (
  <section aria-label={`Claims of ${pool.name}`} />
);
