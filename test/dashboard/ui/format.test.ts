import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAge, formatClock, formatCount, formatDate, formatDuration } from '../../../src/dashboard/ui/format.ts';

const S = 1_000;
const MIN = 60 * S;
const H = 60 * MIN;
const DAY = 24 * H;

describe('Formats of the dashboard', () => {
  test.each([
    [0, '0'],
    [9_999, '9999'],
    [10_000, '10\u202f000'],
    [2_147_483_647, '2\u202f147\u202f483\u202f647'],
    [-14, '−14'],
    [-12_345, '−12\u202f345'],
  ])('The count %i is "%s".', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });

  test('Midnight is 00, not 24.', () => {
    expect(formatClock(new Date(2026, 10, 26, 0, 5, 9).getTime())).toBe('00:05:09');
    expect(formatDate(new Date(2026, 10, 3, 0, 12).getTime())).toBe('2026-11-03 00:12');
  });

  test.each([
    [-5 * S, '0 s'],
    [499, '0 s'],
    [59.6 * S, '1 min'],
    [2 * MIN + 34 * S, '2 min 34 s'],
    [9 * MIN + 59 * S, '9 min 59 s'],
    [10 * MIN + 34 * S, '10 min'],
    [H + 5 * S, '1 h'],
    [3 * DAY + 4 * H + 20 * MIN, '3 d 4 h'],
    [DAY + 5 * MIN, '1 d'],
  ])('A duration of %i ms is "%s".', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test.each([
    [-1, '0 s'],
    [59.9 * S, '59 s'],
    [MIN, '1 min'],
    [119 * MIN, '1 h'],
    [47 * H, '1 d'],
  ])('An age of %i ms is "%s".', (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });

  test('A duration has at most two units, and says no more than the time has.', () => {
    const sizes: Partial<Record<string, number>> = { d: DAY, h: H, min: MIN, s: S };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * DAY }), (ms) => {
        const parts = [...formatDuration(ms).matchAll(/(\d+) (\w+)/g)];
        const told = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (sizes[unit] ?? NaN), 0);
        expect(parts.length).toBeLessThanOrEqual(2);
        expect(told).toBeLessThanOrEqual(ms + S / 2);
        expect(told).toBeGreaterThan(ms * 0.9 - S);
      }),
    );
  });
});
