import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryAfterSeconds } from '../../../src/services/claims/retry-after.ts';
import { capacity } from '../planning/pools.ts';
import { claim, full, NOW, SECOND, servedAfterMs, situation } from './wait-situations.ts';

const ago = (...seconds: readonly number[]) => seconds.map((age) => NOW - age * SECOND);

/** What each caller of a line receives, from the first. */
const line = (length: number, traits: Parameters<typeof situation>[0]) =>
  Array.from({ length }, (_, waiting) => retryAfterSeconds(situation({ ...traits, waiting })));

describe('While starts back off', () => {
  test('The wait ends one start after the back-off, whatever else is on its way', () => {
    const traits = { backOffUntilMs: NOW + 30 * SECOND, startingSinceMs: ago(9), existing: 1 };
    expect(line(2, traits)).toEqual([40, 40]);
  });

  test('A back-off that has ended has no effect', () => {
    expect(line(1, { backOffUntilMs: NOW, startingSinceMs: ago(9), existing: 1 })).toEqual([1]);
  });
});

describe('While members are on their way', () => {
  test('Each caller waits for the member of its place in line, those that started first being ready first', () => {
    expect(line(3, { startingSinceMs: ago(3, 8, 1), existing: 3 })).toEqual([2, 7, 9]);
  });

  test('A member that is overdue is expected to need as long again, but not longer than one start', () => {
    expect(line(1, { startingSinceMs: ago(14), existing: 1 })).toEqual([4]);
    expect(line(1, { startingSinceMs: ago(200), existing: 1 })).toEqual([10]);
  });

  test('A member that is due now, or that began to start in the future by another clock, has a sensible wait', () => {
    expect(line(1, { startingSinceMs: ago(10), existing: 1 })).toEqual([1]);
    expect(line(1, { startingSinceMs: ago(-60), existing: 1 })).toEqual([10]);
  });
});

describe('While the pool may grow', () => {
  test('Callers wait one start for each step of maxUnavailable members', () => {
    expect(line(5, {})).toEqual([10, 10, 20, 20, 30]);
  });

  test('A step begins when a member that is on its way is ready', () => {
    expect(line(6, { startingSinceMs: ago(8, 3), existing: 2 })).toEqual([2, 7, 12, 17, 22, 27]);
  });

  test('A place that is free is used at once', () => {
    expect(line(4, { startingSinceMs: ago(8), existing: 1 })).toEqual([2, 10, 12, 20]);
  });

  test('More members on their way than maxUnavailable allows delay the next step', () => {
    const scaleStrategy = { maxUnavailable: 1 };
    expect(line(4, { startingSinceMs: ago(8, 3), existing: 2, scaleStrategy }).slice(2)).toEqual([17, 27]);
  });

  test('A percentage is of the desired size, which includes claims, the line and the buffer', () => {
    const scaleStrategy = { maxUnavailable: '50%' };
    const claims = Array.from({ length: 3 }, () => claim(0, 600));
    const wait = { claims, existing: 3, scaleStrategy, waiting: 4 };
    expect(retryAfterSeconds(situation({ ...wait }))).toBe(20);
    expect(retryAfterSeconds(situation({ ...wait, capacity: capacity(2, 2, 0, 20) }))).toBe(10);
    expect(retryAfterSeconds(situation({ ...wait, capacity: capacity(0, 0, 10, 20) }))).toBe(10);
    expect(retryAfterSeconds(situation({ ...wait, capacity: capacity(2, 0, 0, 20) }))).toBe(20);
  });
});

describe('At poolMax', () => {
  test('The caller waits for the claim that is expected to end first, then for the stop and the start', () => {
    expect(retryAfterSeconds(full([claim(5, 600), claim(50, 600)], { holdMs: 60 * SECOND }))).toBe(10 + 13);
  });

  test('Callers further back wait for later claims', () => {
    const claims = [claim(5, 600), claim(50, 600), claim(20, 600)];
    const waits = [0, 1, 2].map((waiting) =>
      retryAfterSeconds(full(claims, { holdMs: 60 * SECOND, recycle: 'Noop', waiting })),
    );
    expect(waits).toEqual([10, 40, 55]);
  });

  test('Restart adds one start, and Noop adds nothing', () => {
    const claims = [claim(50, 600)];
    const waits = (['Delete', 'Restart', 'Noop'] as const).map((recycle) =>
      retryAfterSeconds(full(claims, { holdMs: 60 * SECOND, recycle })),
    );
    expect(waits).toEqual([23, 20, 10]);
  });

  test('A claim ends when it expires, if that is before the usual hold time or if the hold time is unknown', () => {
    for (const holdMs of [60 * SECOND, undefined])
      expect(retryAfterSeconds(full([claim(10, 7)], { holdMs, recycle: 'Noop' }))).toBe(7);
  });

  test('A claim that is held longer than usual is expected to end at once', () => {
    expect(retryAfterSeconds(full([claim(90, 600)], { holdMs: 60 * SECOND, recycle: 'Noop' }))).toBe(1);
  });

  test('A claim that has expired is expected to end at once', () => {
    expect(retryAfterSeconds(full([claim(90, -2)], { recycle: 'Noop' }))).toBe(1);
  });

  test('A terminating member is replaced before any claim ends', () => {
    const wait = full([claim(0, 100)], { existing: 2, capacity: capacity(0, 0, 0, 2) });
    expect(retryAfterSeconds(wait)).toBe(13);
    expect(retryAfterSeconds({ ...wait, waiting: 1 })).toBe(113);
  });

  test('The callers ahead take the members that are on their way, and the next one waits for the first claim', () => {
    const wait = full([claim(0, 100)], { startingSinceMs: ago(4), existing: 2, capacity: capacity(0, 0, 0, 2) });
    expect([0, 1, 2].map((waiting) => retryAfterSeconds({ ...wait, waiting }))).toEqual([6, 113, 300]);
  });

  test('A caller is not served before the callers ahead, even if a claim ends sooner', () => {
    const claims = [claim(0, 1)];
    const wait = full(claims, { startingSinceMs: ago(4), existing: 2, capacity: capacity(0, 0, 0, 2), waiting: 1 });
    expect(retryAfterSeconds({ ...wait, recycle: 'Noop' })).toBe(6);
  });

  test('The wait is 300 seconds where nothing will ever come, or where it would be longer', () => {
    expect(retryAfterSeconds(full([]))).toBe(300);
    expect(retryAfterSeconds(full([claim(0, 86_400)]))).toBe(300);
    expect(retryAfterSeconds(full([claim(0, 5)], { waiting: 1 }))).toBe(300);
  });

  test('Above a lowered poolMax, a deleted member is not replaced, while a returned one serves the line', () => {
    const wait = full([claim(0, 5), claim(0, 9)], { capacity: capacity(0, 0, 0, 1) });
    expect(retryAfterSeconds(wait)).toBe(9 + 13);
    expect(retryAfterSeconds({ ...wait, capacity: capacity(0, 0, 0, 0) })).toBe(300);
    expect(retryAfterSeconds({ ...wait, recycle: 'Noop' })).toBe(5);
  });

  test('Above a lowered poolMax, a terminating member is not replaced', () => {
    expect(retryAfterSeconds(full([claim(0, 100)], { existing: 2, recycle: 'Noop' }))).toBe(100);
  });

  test('More claims than members, which a late cache can show, do not lengthen the wait', () => {
    expect(retryAfterSeconds(full([claim(0, 5), claim(0, 9)], { existing: 1, capacity: capacity(0, 0, 0, 1) }))).toBe(
      18,
    );
  });
});

test.each([1, 5, 20])('With %i members on their way, every wait is within a factor of two of the truth', (count) => {
  const ages = fc.array(fc.integer({ min: 0, max: 29_000 }), { minLength: count, maxLength: count });
  fc.assert(
    fc.property(ages, fc.nat({ max: count - 1 }), (agesMs, waiting) => {
      const startingSinceMs = agesMs.map((age) => NOW - age);
      const wait = full([claim(60, 600)], {
        startingSinceMs,
        existing: count + 1,
        capacity: capacity(0, 0, 0, count + 1),
        startMs: 30 * SECOND,
        waiting,
      });
      const trueSeconds = servedAfterMs(wait) / SECOND;
      expect(retryAfterSeconds(wait)).toBeLessThanOrEqual(2 * trueSeconds);
      expect(retryAfterSeconds(wait)).toBeGreaterThanOrEqual(trueSeconds / 2);
    }),
  );
});
