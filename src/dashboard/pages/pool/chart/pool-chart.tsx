import type { PoolResponse } from '../../../../contract/pool.ts';

type PoolChartProps = {
  readonly pool: PoolResponse;
  /** In minutes, up to now. */
  readonly range: number;
};

export const PoolChart = ({ pool, range }: PoolChartProps) => (
  <figure className="hero" aria-label={`${pool.name}, last ${range} min`} />
);
