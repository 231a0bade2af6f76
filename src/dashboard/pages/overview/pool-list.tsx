// The pools that the view shows, its filters over them.
import { useMemo } from 'react';
import type { PoolResponse } from '../../../contract/pool.ts';
import { livePools } from '../../api/live-pools.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { PoolTable } from './pool-table.tsx';
import { selectPools } from './select-pools.ts';
import { Tools } from './tools.tsx';
import { useHold, useSteadyOrder } from './use-steady-order.ts';
import type { Summaries } from './use-summaries.ts';
import { useView } from './use-view.ts';
import { withoutFilters } from './view.ts';

type PoolListProps = { readonly pools: ReadonlyMap<string, PoolResponse>; readonly summaries: Summaries };

const exists = (name: string): boolean => livePools.get().pools?.has(name) === true;

export const PoolList = ({ pools, summaries }: PoolListProps) => {
  const [view, change] = useView();
  const { summaryOf } = summaries;
  const { names: next, counts } = useMemo(() => selectPools(pools.values(), summaryOf, view), [pools, summaryOf, view]);
  const { isHeld, handlers } = useHold();
  const names = useSteadyOrder(next, { isHeld, request: view, exists });
  return (
    <>
      <Tools view={view} change={change} counts={counts} pools={pools} />
      {summaries.error !== null && summaries.isSupported && (
        <ErrorNotice
          title="Claims, history and decisions could not be read."
          error={summaries.error}
          retry={() => void summaries.refetch()}
        />
      )}
      {!summaries.isSupported && (
        <p className="t3 no-summaries">
          This server keeps no claims, history or decisions: the table shows only what pools report.
        </p>
      )}
      <div {...handlers}>
        {names.length === 0 ? (
          <div className="no-match">
            <p>No pool matches these filters.</p>
            <Button
              onClick={() => {
                change(withoutFilters(view));
              }}
            >
              Clear filters
            </Button>
          </div>
        ) : (
          <PoolTable
            names={names}
            summaryOf={summaryOf}
            hasSummaries={summaries.isSupported}
            isLoading={summaries.isLoading}
            sort={view.sort}
            isReversed={view.isReversed}
            change={change}
          />
        )}
      </div>
    </>
  );
};
