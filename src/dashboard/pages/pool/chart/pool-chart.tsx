// The chart of a pool: its desired size, what it has, the buffer's band, and every decision with its sentence.
import { useComputedColorScheme } from '@mantine/core';
import { useMemo, type KeyboardEvent } from 'react';
import 'uplot/dist/uPlot.min.css';
import type { PoolHistory } from '../../../../contract/history.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { useIsStale } from '../../../api/use-connection.ts';
import { usePlan } from '../../../pool/use-plan.ts';
import { QueryProblem } from '../../../ui/query-problem.tsx';
import { useIsNarrow } from '../../../ui/use-is-narrow.ts';
import { useNow } from '../../../ui/use-now.ts';
import { useDecisions } from '../use-decisions.ts';
import { chartData, presentOf } from './chart-data.ts';
import { ChartLegend } from './chart-legend.tsx';
import { describeChart } from './describe-chart.ts';
import { EndLabels } from './end-labels.tsx';
import { HoverCard } from './hover-card.tsx';
import { Rail } from './rail.tsx';
import { railMarks } from './rail.ts';
import { useChart } from './use-chart.ts';
import { useHistory } from './use-history.ts';

type PoolChartProps = {
  readonly pool: PoolResponse;
  /** Minutes up to now. */
  readonly range: number;
};

export const PoolChart = ({ pool, range }: PoolChartProps) => {
  const history = useHistory(pool, range);
  if (history.data === undefined) {
    if (history.error !== null) return <QueryProblem what="The history" query={history} />;
    return <figure className="hero is-empty" aria-busy="true" />;
  }
  return <Chart pool={pool} history={history.data} minutes={range} />;
};

type ChartProps = { readonly pool: PoolResponse; readonly history: PoolHistory; readonly minutes: number };

const STEPS: Partial<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

const Chart = ({ pool, history, minutes }: ChartProps) => {
  const isStale = useIsStale();
  const scheme = useComputedColorScheme('light');
  const isNarrow = useIsNarrow();
  const ticking = useNow();
  const nowMs = isStale ? (history.columns.time.at(-1) ?? 0) * 1_000 : ticking;
  const plan = usePlan(pool.name, {}, { enabled: !isStale });
  const decisions = useDecisions(pool);
  const desired = plan.data?.plan?.desired ?? null;
  const data = useMemo(
    () => chartData(history, isStale ? undefined : presentOf(pool, desired, nowMs)),
    [history, pool, desired, nowMs, isStale],
  );
  const look = `${scheme} ${String(isStale)}`;
  const { ref, scales, index, range, move, leave } = useChart({
    data,
    minutes,
    nowMs,
    look,
  });
  const items = decisions.data?.items ?? [];
  const marks = scales === undefined ? [] : railMarks(items, scales.toX, scales.width);

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (event.key === 'Escape') leave();
    else if (step !== undefined) move(step);
    else return;
    event.preventDefault();
  };
  return (
    <figure className="hero">
      {isNarrow && <ChartLegend data={data} />}
      <div
        className="plot"
        role="img"
        aria-label={describeChart(pool, data)}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={leave}
      >
        <div ref={ref} className="plot-canvas" />
        {scales && !isNarrow && <EndLabels data={data} capacity={pool.capacitySpec} range={range} scales={scales} />}
        {scales && <Rail marks={marks} decisions={items} scales={scales} />}
      </div>
      {scales && index !== null && (
        <HoverCard data={data} index={index} marks={marks} scales={scales} isDocked={isNarrow} />
      )}
    </figure>
  );
};
