// The overview of a pool: its chart, and under it what is true, what can be changed, and what was decided.
import { lazy, Suspense } from 'react';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { Panel } from '../../../ui/panel.tsx';
import { CapacityEditor } from '../capacity/capacity-editor.tsx';
import { useTimeRange } from '../time-range.ts';
import { Conditions } from './conditions.tsx';
import { Facts } from './facts.tsx';
import { RecentDecisions } from './recent-decisions.tsx';

const PoolChart = lazy(async () => ({ default: (await import('../chart/pool-chart.tsx')).PoolChart }));

export const OverviewTab = ({ pool }: { readonly pool: PoolResponse }) => {
  const [range] = useTimeRange();
  return (
    <>
      <div className="hero-place">
        <Panel name="the chart">
          <Suspense fallback={null}>
            <PoolChart pool={pool} range={range} />
          </Suspense>
        </Panel>
      </div>
      <div className="cols">
        <div className="col">
          <section className="conds-section">
            <h2>Conditions</h2>
            <Panel name="the conditions">
              <Conditions pool={pool} />
            </Panel>
          </section>
          <section className="facts-section">
            <h2>Facts</h2>
            <Panel name="the facts">
              <Facts pool={pool} />
            </Panel>
          </section>
        </div>
        <section id="capacity" aria-labelledby="capacity-title">
          <h2 id="capacity-title">
            Capacity
            <span className="grow" />
            <span className="t3 thin">generation {pool.generation}</span>
          </h2>
          <Panel name="the capacity">
            <CapacityEditor pool={pool} />
          </Panel>
        </section>
        <section className="decs-section">
          <Panel name="the decisions">
            <RecentDecisions pool={pool} />
          </Panel>
        </section>
      </div>
    </>
  );
};
