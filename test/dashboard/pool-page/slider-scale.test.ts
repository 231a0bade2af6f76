import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sliderStops, toPosition, toValue } from '../../../src/dashboard/pool/slider-scale.ts';

const bound = fc.integer({ min: 0, max: 2_147_483_647 });

test('The stops of a slider begin at 0, rise, and have room for every value', () => {
  fc.assert(
    fc.property(fc.array(bound, { minLength: 1, maxLength: 4 }), (values) => {
      const stops = sliderStops(values);
      expect(stops[0]).toBe(0);
      expect(stops.every((stop, index) => index === 0 || stop > (stops[index - 1] ?? 0))).toBe(true);
      expect(stops.at(-1)).toBeGreaterThanOrEqual(Math.max(...values));
      expect(stops.length).toBeLessThan(200);
    }),
  );
});

test('A slider has room for two and a half times the value', () => {
  expect(sliderStops([40]).at(-1)).toBe(100);
  expect(sliderStops([0]).at(-1)).toBe(20);
});

test('Every stop has its own position, and comes back from it', () => {
  const stops = sliderStops([120]);
  for (const [index, stop] of stops.entries()) {
    expect(toPosition(stops, stop)).toBe(index);
    expect(toValue(stops, index)).toBe(stop);
  }
});

test('A value between two stops stands between them', () => {
  const stops = sliderStops([40]);
  expect(toPosition(stops, 83)).toBeCloseTo(stops.indexOf(80) + 0.6);
});

test('A value beyond the last stop stands at the end', () => {
  const stops = sliderStops([4]);
  expect(toPosition(stops, 1_000)).toBe(stops.length - 1);
});
