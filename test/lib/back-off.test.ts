import { expect, test } from 'vitest';
import { BackOff } from '../../src/lib/back-off.ts';

const waits = (backOff: BackOff, count: number) => Array.from({ length: count }, () => backOff.next());

test('A back-off doubles its wait up to the longest one, with a jitter of at most a quarter', () => {
  for (let round = 0; round < 50; round++) {
    const steps = [100, 200, 400, 800, 1_000, 1_000];
    for (const [index, wait] of waits(new BackOff({ firstMs: 100, longestMs: 1_000 }), steps.length).entries()) {
      expect(wait).toBeGreaterThanOrEqual((steps[index] ?? 0) * 0.75);
      expect(wait).toBeLessThanOrEqual(steps[index] ?? 0);
    }
  }
});

test('Two back-offs that fail together do not wait equally long', () => {
  const all = Array.from({ length: 20 }, () => new BackOff({ firstMs: 100_000, longestMs: 100_000 }).next());
  expect(new Set(all).size).toBeGreaterThan(1);
});

test('A back-off starts again at its first wait after a reset', () => {
  const backOff = new BackOff({ firstMs: 100, longestMs: 1_000_000 });
  waits(backOff, 10);
  backOff.reset();
  expect(backOff.next()).toBeLessThanOrEqual(100);
});

test('A back-off that failed a thousand times still waits no longer than its longest wait', () => {
  expect(waits(new BackOff({ firstMs: 100, longestMs: 5_000 }), 2_000).at(-1)).toBeLessThanOrEqual(5_000);
});
