// The scale of the sliders: every step is about a tenth of the value, so that 3 and 300 are set with the same care.

/** Steps between values: up to `until` exclusive, `step` apart. */
const ZONES = [
  { until: 20, step: 1 },
  { until: 50, step: 2 },
  { until: 100, step: 5 },
  { until: 200, step: 10 },
  { until: 500, step: 25 },
  { until: 1_000, step: 50 },
  { until: 2_000, step: 100 },
  { until: 5_000, step: 250 },
  { until: 10_000, step: 500 },
  { until: 20_000, step: 1_000 },
] as const;

const TOP_MIN = 20;

/** The values of a slider that has room for 2.5 times each of `values`: 0 first, in steps that grow with the value. */
export const sliderStops = (values: readonly number[]): readonly number[] => {
  const top = Math.max(TOP_MIN, ...values.map((value) => value * 2.5));
  const stops = [0];
  let from = 0;
  for (const { until, step } of ZONES) {
    for (let value = from + step; value <= until; value += step) {
      stops.push(value);
      if (value >= top) return stops;
    }
    from = until;
  }
  const last = Math.max(...values, from);
  return last > from ? [...stops, last] : stops;
};

/** Where a value stands between the stops: a fraction if it is not one of them. */
export const toPosition = (stops: readonly number[], value: number): number => {
  const after = stops.findIndex((stop) => stop >= value);
  if (after === -1) return stops.length - 1;
  const high = stops[after] ?? 0;
  const low = stops[after - 1] ?? 0;
  return high === value || high === low ? after : after - 1 + (value - low) / (high - low);
};

/** The value of the stop nearest to a position. */
export const toValue = (stops: readonly number[], position: number): number =>
  stops[Math.min(stops.length - 1, Math.max(0, Math.round(position)))] ?? 0;
