// What the chart shows, in words: for those who do not see it.
import type { PoolResponse } from '../../../../contract/pool.ts';
import { formatClock } from '../../../ui/format.ts';
import type { ChartData } from './chart-data.ts';

export const describeChart = (
  { name, capacitySpec: { bufferMin, bufferMax, poolMax } }: PoolResponse,
  data: ChartData,
): string => {
  const { time, allocated, available, desired } = data;
  const first = time[0];
  const last = time.at(-1);
  if (first === undefined || last === undefined) return `${name}: nothing was sampled in this time.`;
  const seen = (column: readonly (number | null)[]) => column.filter((count) => count !== null);
  const lowest = Math.min(...seen(available));
  return [
    `${name}, ${formatClock(first * 1_000)} to ${formatClock(last * 1_000)}:`,
    `allocated from ${seen(allocated)[0] ?? 0} to ${seen(allocated).at(-1) ?? 0};`,
    `available now ${seen(available).at(-1) ?? 0}, lowest ${Number.isFinite(lowest) ? lowest : 0};`,
    `desired ${seen(desired).at(-1) ?? 'unknown'}; buffer ${bufferMin} to ${bufferMax}; poolMax ${poolMax}.`,
    'Arrow keys read single points.',
  ].join(' ');
};
