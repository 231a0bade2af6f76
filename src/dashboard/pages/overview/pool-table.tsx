// The table of pools: only the rows in view are drawn if there are many, and each follows its own pool.
import { memo } from 'react';
import { Gap } from '../../ui/gap.tsx';
import { useVisibleRows, type RowHeight } from '../../ui/use-visible-rows.ts';
import { PoolRow } from './pool-row.tsx';
import type { SummaryOf } from './select-pools.ts';
import { TableHead, type SortProps } from './table-head.tsx';

type PoolTableProps = SortProps & {
  readonly names: readonly string[];
  readonly summaryOf: SummaryOf;
  /** Whether the server has claims, history and decisions at all. */
  readonly hasSummaries: boolean;
  /** Whether the first summaries are still to come. */
  readonly isLoading: boolean;
};

const ROW_HEIGHT: RowHeight = { wide: 45, narrow: 168 };

export const PoolTable = memo(({ names, summaryOf, hasSummaries, isLoading, ...sort }: PoolTableProps) => {
  const { ref, indexes, above, below, measure } = useVisibleRows(names, ROW_HEIGHT);
  return (
    <table
      ref={ref}
      className={hasSummaries ? 'table pools' : 'table pools basic'}
      aria-label="Pools"
      aria-rowcount={names.length + 1}
    >
      <TableHead {...sort} />
      <Gap height={above} />
      <tbody>
        {indexes.map((index) => {
          const name = names[index];
          return name === undefined ? null : (
            <PoolRow
              key={name}
              name={name}
              index={index}
              summaryOf={summaryOf}
              isLoading={isLoading}
              measure={measure}
            />
          );
        })}
      </tbody>
      <Gap height={below} />
    </table>
  );
});
PoolTable.displayName = 'PoolTable';
