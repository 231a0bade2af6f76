// The figures of the chart as uPlot takes them: the history, then the present moment.
import type { CapacitySpec } from '../../../../contract/capacity-spec.ts';
import type { PoolHistory } from '../../../../contract/history.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';

type Column = readonly (number | null)[];

/** Columns of equal length. `time` in epoch seconds. */
export type ChartData = {
  readonly time: readonly number[];
  readonly desired: Column;
  readonly allocated: Column;
  readonly available: Column;
  readonly starting: Column;
  /** The capacity as it was at the time. */
  readonly bufferMin: Column;
  readonly bufferMax: Column;
  readonly poolMax: Column;
  /** 0 where nothing is available although bufferMin is more, else null. */
  readonly empty: Column;
};

/** What is true now, after the history. */
export type Moment = Pick<CapacitySpec, 'bufferMin' | 'bufferMax' | 'poolMax'> & {
  readonly time: number;
  readonly desired: number | null;
  readonly allocated: number;
  readonly available: number;
  readonly starting: number;
};

export const presentOf = (pool: PoolResponse, desired: number | null, nowMs: number): Moment | undefined => {
  if (pool.status === undefined) return undefined;
  const { total, allocated, available } = pool.status;
  const { bufferMin, bufferMax, poolMax } = pool.capacitySpec;
  const starting = Math.max(0, total - allocated - available);
  return { time: nowMs / 1_000, desired, allocated, available, starting, bufferMin, bufferMax, poolMax };
};

/** More than two steps without a sample is a gap, also just before the present. */
const GAP_STEPS = 2;

export const chartData = (history: PoolHistory, present: Moment | undefined): ChartData => {
  const { columns, stepSeconds } = history;
  const lastSample = columns.available.findLastIndex((count) => count !== null);
  // What follows the last sample is not known yet: no gap before the present.
  const length = lastSample + 1;
  const time = columns.time.slice(0, length);
  const tail: Partial<Moment>[] = [];
  if (present !== undefined && present.time > (time.at(-1) ?? 0)) {
    if (present.time - (time.at(-1) ?? 0) > GAP_STEPS * stepSeconds) tail.push({ time: present.time - stepSeconds });
    tail.push(present);
  }
  const withTail = (column: Column, name: keyof Moment): Column => [
    ...column.slice(0, length),
    ...tail.map((point) => point[name] ?? null),
  ];
  const available = withTail(columns.available, 'available');
  const bufferMin = withTail(columns.bufferMin, 'bufferMin');
  return {
    time: [...time, ...tail.map((point) => point.time ?? 0)],
    desired: withTail(columns.desired, 'desired'),
    allocated: withTail(columns.allocated, 'allocated'),
    available,
    starting: withTail(columns.starting, 'starting'),
    bufferMin,
    bufferMax: withTail(columns.bufferMax, 'bufferMax'),
    poolMax: withTail(columns.poolMax, 'poolMax'),
    empty: available.map((count, index) => (count === 0 && (bufferMin[index] ?? 0) > 0 ? 0 : null)),
  };
};

const HEADROOM = 1.08;
/** A poolMax higher than this times everything else is named at the edge and not drawn: the rest would be flat. */
const LIMIT_FACTOR = 2.5;

export type ChartRange = { readonly yMax: number; readonly isLimitShown: boolean };

const highestOf = (...columns: readonly Column[]): number =>
  columns.flat().reduce<number>((max, count) => Math.max(max, count ?? 0), 1);

export const chartRange = (data: ChartData): ChartRange => {
  const highest = highestOf(data.desired, data.allocated, data.available, data.starting, data.bufferMax);
  const limit = highestOf(data.poolMax);
  const isLimitShown = limit <= highest * LIMIT_FACTOR;
  return { yMax: Math.ceil(Math.max(highest, isLimitShown ? limit : 0) * HEADROOM), isLimitShown };
};

/** Of the last `minutes`, in epoch seconds. */
export const timeRange = (minutes: number, nowMs: number): readonly [number, number] => [
  nowMs / 1_000 - minutes * 60,
  nowMs / 1_000,
];
