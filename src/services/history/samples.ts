// Samples as numbers: one row for each moment, one column for each figure.
import { HISTORY_COLUMNS, type HistoryColumn } from '../../contract/history.ts';

/** Stands for null: no figure is negative. */
export const NOTHING = -1;

/** Number of columns. */
export const WIDTH = HISTORY_COLUMNS.length;

/** How the figures of shorter intervals are combined into those of a longer one. */
const RULES: Readonly<Record<HistoryColumn, (one: number, other: number) => number>> = {
  desired: Math.max,
  available: Math.min,
  allocated: Math.max,
  starting: Math.max,
  unmet: Math.max,
  claims: (one, other) => one + other,
  misses: (one, other) => one + other,
  waitP95Ms: Math.max,
  bufferMin: Math.max,
  bufferMax: Math.max,
  poolMax: Math.max,
};
const COMBINE = HISTORY_COLUMNS.map((column) => RULES[column]);

/** Rows of samples, in order of time, at fixed distances. */
export type Samples = Int32Array;

export const noSamples = (rows: number): Samples => new Int32Array(rows * WIDTH).fill(NOTHING);

/** Adds one sample to a row of an interval that it is part of. Nothing and a figure is the figure. */
export const combineRow = (target: Samples, row: number, source: Samples, sourceRow: number): void => {
  for (const [column, combine] of COMBINE.entries()) {
    const value = source[sourceRow * WIDTH + column] ?? NOTHING;
    if (value === NOTHING) continue;
    const index = row * WIDTH + column;
    const present = target[index] ?? NOTHING;
    target[index] = present === NOTHING ? value : combine(present, value);
  }
};

/** Copies the rows of `source` that have a figure over those of `target`, which has at least as many rows from `offset` on. */
export const overlay = (target: Samples, source: Samples, offset = 0): void => {
  for (let row = 0; row < source.length / WIDTH; row++) {
    const values = source.subarray(row * WIDTH, (row + 1) * WIDTH);
    if (values.some((value) => value !== NOTHING)) target.set(values, (offset + row) * WIDTH);
  }
};

/** Samples of intervals `factor` times as long. */
export const coarsen = (samples: Samples, factor: number): Samples => {
  const rows = samples.length / WIDTH;
  const coarse = noSamples(Math.ceil(rows / factor));
  for (let row = 0; row < rows; row++) combineRow(coarse, Math.floor(row / factor), samples, row);
  return coarse;
};
