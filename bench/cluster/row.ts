// One line of the results: a figure beside the demand.

export type Row = {
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  readonly demand: string;
  readonly isMet: boolean;
};

const rounded = (figure: number): number => Number(figure.toPrecision(3));

/** @param max The demand: at most this. */
export const atMost = (what: string, figure: number, max: number, unit = ''): Row => ({
  what,
  figure: rounded(figure),
  unit,
  demand: `≤ ${rounded(max)}`,
  isMet: figure <= max,
});

/** @param min The demand: at least this. */
export const atLeast = (what: string, figure: number, min: number, unit = ''): Row => ({
  what,
  figure: rounded(figure),
  unit,
  demand: `≥ ${rounded(min)}`,
  isMet: figure >= min,
});

export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;
