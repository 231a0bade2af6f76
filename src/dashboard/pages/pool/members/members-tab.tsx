import type { PoolResponse } from '../../../../contract/pool.ts';

export const MembersTab = ({ pool }: { readonly pool: PoolResponse }) => (
  <section aria-label={`Members of ${pool.name}`} />
);
