// Geometry of the sparkline: numbers in, SVG paths out. No DOM, no colours.

type SparklineInput = {
  /** Oldest first, in equal steps; null where nothing was sampled. */
  readonly values: readonly (number | null)[];
  /** The value of this moment, at the right end; undefined if unknown. */
  readonly now: number | undefined;
  readonly bufferMin: number;
  readonly bufferMax: number;
};

export type SparklineShapes = {
  /** Undefined where bufferMax is 0. */
  readonly band: { readonly y: number; readonly height: number } | undefined;
  /** A path along the values; it ends where nothing was sampled. */
  readonly line: string;
  /** A path where there was no member although bufferMin asks for some. */
  readonly zero: string;
  readonly dot: { readonly x: number; readonly y: number; readonly isZero: boolean } | undefined;
  /** The lowest of all values; undefined if there is none. */
  readonly lowest: number | undefined;
};

export const SPARKLINE_WIDTH = 96;
export const SPARKLINE_HEIGHT = 28;

/** The line ends here, so that the dot at its end is not cut off. */
const RIGHT = 92.5;
const LEFT = 0.5;
const FLOOR = 26;
const CEILING = 2;
/** Air above the highest value, as a share of it. */
const AIR = 0.12;
const BAND_MIN = 2;

type Point = { readonly x: number; readonly y: number; readonly isZero: boolean };

export const sparklineShapes = ({ values, now, bufferMin, bufferMax }: SparklineInput): SparklineShapes => {
  const series = [...values, now ?? null];
  const known = series.filter((value) => value !== null);
  const top = Math.max(1, bufferMax, ...known) * (1 + AIR);
  const yOf = (value: number) => round(FLOOR - (value / top) * (FLOOR - CEILING));
  const step = (RIGHT - LEFT) / Math.max(1, values.length);
  const points = series.map((value, index): Point | null =>
    value === null
      ? null
      : { x: round(RIGHT - (series.length - 1 - index) * step), y: yOf(value), isZero: value === 0 && bufferMin > 0 },
  );

  const bandTop = yOf(bufferMax);
  const height = Math.max(BAND_MIN, round(yOf(bufferMin) - bandTop));
  return {
    band: bufferMax === 0 ? undefined : { y: bandTop, height },
    line: toPath(points),
    zero: toPath(points.map((point) => (point?.isZero ? point : null))),
    dot: points.findLast((point) => point !== null) ?? undefined,
    lowest: known.length === 0 ? undefined : Math.min(...known),
  };
};

/** A point between two gaps is drawn as a line of no length: its round caps show it. */
const toPath = (points: readonly (Point | null)[]): string =>
  points
    .map((point, index) => {
      if (point === null) return '';
      const { x, y } = point;
      if (points[index - 1]) return `L${x} ${y}`;
      return points[index + 1] ? `M${x} ${y}` : `M${x} ${y}h0`;
    })
    .join('');

const round = (value: number): number => Math.round(value * 10) / 10;
