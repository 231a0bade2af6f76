import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PoolHistory } from '../../../src/contract/history.ts';
import { chartData, chartRange, presentOf, timeRange } from '../../../src/dashboard/pages/pool/chart/chart-data.ts';
import { describeChart } from '../../../src/dashboard/pages/pool/chart/describe-chart.ts';
import { aPool } from './pools.ts';

const STEP = 10;

const CAPACITY = { bufferMin: 8, bufferMax: 16, poolMax: 40 };

/** Samples ten seconds apart, from second 0; all figures of one have the same value, and the capacity does not change. */
const historyOf = (values: readonly (number | null)[], capacity = CAPACITY): PoolHistory => {
  const column = [...values];
  const constant = (value: number) => values.map((count) => (count === null ? null : value));
  return {
    name: 'agents',
    stepSeconds: STEP,
    columns: {
      time: values.map((_, index) => index * STEP),
      desired: column,
      available: column,
      allocated: column,
      starting: column,
      unmet: column,
      claims: column,
      misses: column,
      waitP95Ms: column,
      bufferMin: constant(capacity.bufferMin),
      bufferMax: constant(capacity.bufferMax),
      poolMax: constant(capacity.poolMax),
    },
  };
};

const presentAt = (time: number) => ({ ...CAPACITY, time, desired: 9, allocated: 4, available: 3, starting: 2 });

describe('The figures of the chart', () => {
  test('The capacity is what it was at the time.', () => {
    const present = { ...presentAt(25), poolMax: 80 };
    expect(chartData(historyOf([1, 2]), present).poolMax).toEqual([40, 40, 80]);
  });

  test('They are the history and then the present moment.', () => {
    const data = chartData(historyOf([1, 2]), presentAt(15));
    expect(data).toMatchObject({ time: [0, 10, 15], desired: [1, 2, 9], available: [1, 2, 3], starting: [1, 2, 2] });
  });

  test('Samples that are not there yet are no gap before the present.', () => {
    expect(chartData(historyOf([1, 2, null]), presentAt(25))).toMatchObject({
      time: [0, 10, 25],
      available: [1, 2, 3],
    });
  });

  test('More than two steps without a sample are a gap, also before the present.', () => {
    expect(chartData(historyOf([1, null, 2]), undefined).available).toEqual([1, null, 2]);
    expect(chartData(historyOf([1]), presentAt(100))).toMatchObject({ time: [0, 90, 100], available: [1, null, 3] });
  });

  test('A present that is not after the last sample is left out.', () => {
    expect(chartData(historyOf([1, 2]), presentAt(10)).time).toEqual([0, 10]);
  });

  test('Without a sample there is only the present.', () => {
    expect(chartData(historyOf([null, null]), presentAt(15))).toMatchObject({ time: [15], available: [3] });
    expect(chartData(historyOf([]), undefined).time).toEqual([]);
  });

  test('An empty buffer is marked only where bufferMin asks for members.', () => {
    expect(chartData(historyOf([0, 1]), undefined).empty).toEqual([0, null]);
    expect(chartData(historyOf([0, 1], { ...CAPACITY, bufferMin: 0 }), undefined).empty).toEqual([null, null]);
  });

  test('All columns are equally long, and time goes on.', () => {
    const value = fc.option(fc.nat(50));
    fc.assert(
      fc.property(fc.array(value), fc.option(fc.nat(1_000), { nil: undefined }), (values, now) => {
        const data = chartData(historyOf(values), now === undefined ? undefined : presentAt(now));
        for (const column of Object.values(data)) expect(column).toHaveLength(data.time.length);
        expect(data.time.every((time, index) => index === 0 || time > (data.time[index - 1] ?? 0))).toBe(true);
      }),
    );
  });

  test('What is neither allocated nor available now is starting, and an unobserved pool has no present.', () => {
    const pool = aPool({ status: { total: 9, allocated: 4, available: 3, revision: 'r' } });
    expect(presentOf(pool, 9, 15_000)).toEqual(presentAt(15));
    expect(presentOf(aPool(), 9, 15_000)).toBeUndefined();
  });
});

describe('The ranges of the chart', () => {
  const rangeWith = (poolMax: number) =>
    chartRange(chartData(historyOf([5, 20], { bufferMin: 5, bufferMax: 10, poolMax }), undefined));

  test('The vertical range has room above everything that is drawn, poolMax included.', () => {
    expect(rangeWith(50)).toEqual({ yMax: 54, isLimitShown: true });
  });

  test('A poolMax far above everything else is not drawn.', () => {
    expect(rangeWith(51)).toEqual({ yMax: 22, isLimitShown: false });
  });

  test('An empty chart has a range.', () => {
    expect(chartRange(chartData(historyOf([]), undefined)).yMax).toBeGreaterThan(0);
  });

  test('The horizontal range ends now.', () => {
    expect(timeRange(30, 3_600_000)).toEqual([1_800, 3_600]);
  });
});

describe('The chart in words', () => {
  test('They have the present values and the lowest of the range.', () => {
    const text = describeChart(aPool(), chartData(historyOf([7, 0, 2]), presentAt(25)));
    expect(text).toContain('allocated from 7 to 4;');
    expect(text).toContain('available now 3, lowest 0;');
    expect(text).toContain('desired 9; buffer 8 to 16; poolMax 40.');
  });

  test('A chart without a value says so.', () => {
    expect(describeChart(aPool(), chartData(historyOf([null]), undefined))).toBe(
      'agents: nothing was sampled in this time.',
    );
  });
});
