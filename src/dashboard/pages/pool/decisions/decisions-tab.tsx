import type { PoolResponse } from '../../../../contract/pool.ts';

export const DecisionsTab = ({ pool }: { readonly pool: PoolResponse }) => (
  <section aria-label={`Decisions of ${pool.name}`} />
);
