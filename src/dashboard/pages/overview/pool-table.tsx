// The table of pools: only the rows in view are drawn if there are many, and each follows its own pool.
import { memo } from 'react';
import { PoolRow } from './pool-row.tsx';
import type { SummaryOf } from './select-pools.ts';
import { TableHead, type SortProps } from './table-head.tsx';
import { useVisibleRows } from './use-visible-rows.ts';

type PoolTableProps = SortProps & {
  readonly names: readonly string[];
  readonly summaryOf: SummaryOf;
  /** Whether the server has claims, history and decisions at all. */
  readonly hasSummaries: boolean;
  /** Whether the first summaries are still to come. */
  readonly isLoading: boolean;
};

export const PoolTable = memo(({ names, summaryOf, hasSummaries, isLoading, ...sort }: PoolTableProps) => {
  const { ref, rows, above, below, measure } = useVisibleRows(names);
  return (
    <table
      ref={ref}
      className={hasSummaries ? 'table pools' : 'table pools basic'}
      aria-label="Pools"
      aria-rowcount={names.length + 1}
    >
      <TableHead {...sort} />
      <tbody>
        <Gap height={above} />
        {rows.map(({ name, index }) => (
          <PoolRow key={name} name={name} index={index} summaryOf={summaryOf} isLoading={isLoading} measure={measure} />
        ))}
        <Gap height={below} />
      </tbody>
    </table>
  );
});
PoolTable.displayName = 'PoolTable';

/** Stands for the rows that are not drawn. Its one cell spans no columns: some are hidden on narrow screens. */
const Gap = ({ height }: { readonly height: number }) =>
  height <= 0 ? null : (
    <tr aria-hidden="true" className="gap">
      <td style={{ height }} />
    </tr>
  );
