// The name and the present value of each line, at its right end, instead of a legend.
import { formatCount } from '../../../ui/format.ts';
import type { ChartData, ChartRange } from './chart-data.ts';
import { layOut } from './label-layout.ts';
import type { Scales } from './use-chart.ts';

type EndLabelsProps = {
  readonly data: ChartData;
  readonly capacity: { readonly bufferMin: number; readonly bufferMax: number; readonly poolMax: number };
  readonly range: ChartRange;
  readonly scales: Scales;
};

const last = (column: readonly (number | null)[]): number | undefined =>
  column.findLast((count) => count !== null) ?? undefined;

export const EndLabels = ({ data, capacity, range, scales }: EndLabelsProps) => {
  const { bufferMin, bufferMax, poolMax } = capacity;
  const available = last(data.available);
  const isEmpty = data.empty.at(-1) === 0;
  const values = [
    { key: 'desired', className: 'desired', value: last(data.desired) },
    { key: 'allocated', className: 'allocated', value: last(data.allocated) },
    { key: 'available', className: isEmpty ? 'zero' : 'available', value: available },
    ...(range.isLimitShown ? [{ key: 'poolMax', className: 'limit', value: poolMax }] : []),
    ...(bufferMax > 0
      ? [
          { key: 'bufferMax', className: 'band', value: bufferMax },
          { key: 'bufferMin', className: 'band', value: bufferMin },
        ]
      : []),
  ].filter(({ value }) => value !== undefined);
  const places = layOut(
    // poolMax above the line that touches it.
    values.map(({ key, value = 0 }) => ({ key, y: scales.toY(value) - (key === 'poolMax' ? 1 : 0) })),
    scales.top + scales.height,
  );
  return (
    <div className="end-labels" aria-hidden="true">
      {values.map(({ key, className, value = 0 }) => (
        <span key={key} className={`end-label ${className}`} style={{ top: (places.get(key) ?? 0) - 8 }}>
          {key} <b>{formatCount(value)}</b>
        </span>
      ))}
      {!range.isLimitShown && (
        <span className="end-label limit" style={{ top: 0 }}>
          ↑ poolMax <b>{formatCount(poolMax)}</b>
        </span>
      )}
    </div>
  );
};
