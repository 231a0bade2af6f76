// Above the chart on narrow screens, where its lines have no room for labels.
import { formatCount } from '../../../ui/format.ts';
import type { ChartData } from './chart-data.ts';
import { LineKey, type LineName } from './line-key.tsx';

const LINES: readonly LineName[] = ['desired', 'allocated', 'available', 'starting'];

export const ChartLegend = ({ data }: { readonly data: ChartData }) => (
  <div className="legend chart-legend" aria-hidden="true">
    {LINES.map((name) => (
      <span key={name}>
        <LineKey name={name} />
        {name} <b>{formatCount(data[name].findLast((count) => count !== null) ?? 0)}</b>
      </span>
    ))}
  </div>
);
