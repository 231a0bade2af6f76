// The chart's drawing. uPlot paints on a canvas, so the colours are read from the tokens.
import uPlot from 'uplot';
import { formatClock, formatMinute } from '../../../ui/format.ts';
import type { ChartData, ChartRange } from './chart-data.ts';

const PLOT_HEIGHT = 260;

/** 1, 2, 5, 10, …: counts are integers, and have up to ten digits. */
const STEPS = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

/** `5`, `2000`, `20K`: what the axis has room for. */
const toTick = (count: number): string => (count < 10_000 ? String(count) : COMPACT.format(count));
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact' });

type Tokens = (name: string) => string;

/** The value of a token where the chart stands: grey while values are stale. */
export const tokensOf = (element: Element): Tokens => {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--${name}`).trim();
};

/** Stripes, as for starting members everywhere. */
const stripes = (colour: string): CanvasPattern | string => {
  const tile = document.createElement('canvas');
  const ratio = window.devicePixelRatio;
  tile.width = tile.height = Math.round(4 * ratio);
  const context = tile.getContext('2d');
  if (context === null) return colour;
  context.scale(ratio, ratio);
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke(new Path2D('M-1 1l2-2M0 4l4-4M3 5l2-2'));
  return context.createPattern(tile, 'repeat') ?? colour;
};

const line = (stroke: string, width: number, more: Partial<uPlot.Series> = {}): uPlot.Series => ({
  stroke,
  width,
  spanGaps: false,
  points: { show: false },
  ...more,
});

/** The order from behind: band, starting, poolMax, desired, allocated, available, what is empty. */
const seriesOf = (token: Tokens): uPlot.Series[] => [
  {},
  line(token('data-band-edge'), 1, stepped()),
  line(token('data-band-edge'), 1, stepped()),
  line(token('data-starting'), 0.75, { fill: stripes(token('data-starting')) }),
  line(token('data-limit'), 1, stepped()),
  line(token('data-desired'), 1.5, { dash: [4, 3], ...stepped() }),
  line(token('data-allocated'), 2),
  line(token('data-available'), 2),
  line(token('data-failed'), 3),
];

/** For what changes in steps. */
const stepped = (): Partial<uPlot.Series> => {
  const paths = uPlot.paths.stepped?.({ align: 1 });
  return paths === undefined ? {} : { paths };
};

/** In the order of `seriesOf`. */
export const toAligned = (data: ChartData, { isLimitShown }: ChartRange): uPlot.AlignedData => {
  const hasBuffer = data.bufferMax.map((count) => count !== null && count > 0);
  return [
    [...data.time],
    data.bufferMin.map((count, index) => (hasBuffer[index] ? count : null)),
    data.bufferMax.map((count, index) => (hasBuffer[index] ? count : null)),
    [...data.starting],
    data.poolMax.map((count) => (isLimitShown ? count : null)),
    [...data.desired],
    [...data.allocated],
    [...data.available],
    [...data.empty],
  ];
};

const CLOCK: uPlot.Axis.Values = (...[, times, , , increment]) =>
  times.map((time) => (increment < 60 ? formatClock : formatMinute)(time * 1_000));

type ChartOptions = {
  readonly width: number;
  readonly token: Tokens;
  readonly range: () => ChartRange;
  readonly time: () => readonly [number, number];
  readonly onCursor: (index: number | null) => void;
  readonly onDraw: (chart: uPlot) => void;
};

export const chartOptions = ({ width, token, range, time, onCursor, onDraw }: ChartOptions): uPlot.Options => {
  const axis = {
    stroke: token('chart-axis'),
    font: `11px ${token('font-sans')}`,
    grid: { stroke: token('chart-grid'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: PLOT_HEIGHT,
    padding: [8, 0, 0, 0],
    legend: { show: false },
    scales: { x: { time: true, range: () => [...time()] as [number, number] }, y: { range: () => [0, range().yMax] } },
    axes: [
      { ...axis, size: 24, gap: 6, values: CLOCK, grid: { show: false } },
      { ...axis, size: 34, gap: 6, incrs: STEPS, values: (_, ticks) => ticks.map(toTick) },
    ],
    series: seriesOf(token),
    bands: [{ series: [2, 1], fill: token('data-band') }],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    hooks: {
      setCursor: [
        (chart) => {
          onCursor(chart.cursor.idx ?? null);
        },
      ],
      draw: [onDraw],
    },
  };
};
