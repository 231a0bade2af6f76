// Percentiles of latencies.

export type Percentiles = { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number };

export const percentiles = (latenciesMs: readonly number[]): Percentiles => {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const at = (index: number) => Number((sorted[index] ?? NaN).toFixed(1));
  const { length } = sorted;
  return { p50Ms: at(Math.floor(length * 0.5)), p99Ms: at(Math.floor(length * 0.99)), maxMs: at(length - 1) };
};
