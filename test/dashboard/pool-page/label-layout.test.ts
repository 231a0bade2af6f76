import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOut } from '../../../src/dashboard/pages/pool/chart/label-layout.ts';

const HEIGHT = 200;

const place = (...ys: readonly number[]) => {
  const places = layOut(
    ys.map((y, index) => ({ key: String(index), y })),
    HEIGHT,
  );
  return ys.map((_, index) => places.get(String(index)));
};

test('Labels with room stay at their lines', () => {
  expect(place(100, 10, 200)).toEqual([100, 10, 200]);
});

test('A label that is too near to another moves below it', () => {
  expect(place(50, 52)).toEqual([50, 64]);
});

test('At the lower edge the upper labels make room', () => {
  expect(place(198, 199, 200)).toEqual([172, 186, 200]);
});

test('Labels are 14 px apart, inside the height, and in the order of their lines', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: HEIGHT }), { maxLength: 7 }), (ys) => {
      const placed = place(...ys.toSorted((one, other) => one - other)).map((y) => y ?? NaN);
      for (const [index, y] of placed.entries()) {
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(HEIGHT);
        if (index > 0) expect(y - (placed[index - 1] ?? 0)).toBeGreaterThanOrEqual(14);
      }
    }),
  );
});
