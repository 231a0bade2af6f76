import { describe, expect, test } from 'vitest';
import { RecentDurations, startEstimateMs } from '../../../src/services/claims/durations.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z');

const recorded = (poolUid: string, ...durations: readonly number[]) => {
  const recent = new RecentDurations();
  for (const ms of durations) recent.record(poolUid, ms);
  return recent;
};

describe('The recent durations', () => {
  test('The median of an odd number of durations is the middle one, of an even number the mean of the middle two', () => {
    expect(recorded('a', 9, 1, 4).median('a')).toBe(4);
    expect(recorded('a', 9, 1, 4, 6).median('a')).toBe(5);
  });

  test('There is no median before the first duration', () => {
    expect(new RecentDurations().median('a')).toBeUndefined();
  });

  test('Only the last 20 durations of a pool count, and only the last 20 of all pools', () => {
    const recent = recorded('a', ...Array<number>(100).fill(1000));
    for (let count = 0; count < 20; count += 1) recent.record('a', 7);
    expect([recent.median('a'), recent.median('unknown')]).toEqual([7, 7]);
  });

  test('A pool without a duration of its own has the median of all pools', () => {
    const recent = recorded('a', 10, 20);
    recent.record('b', 90);
    expect([recent.median('a'), recent.median('b'), recent.median('c')]).toEqual([15, 90, 20]);
  });

  test('A forgotten pool has the median of all pools, which includes its own durations', () => {
    const recent = recorded('a', 10);
    recent.record('b', 30);
    recent.forget('a');
    expect(recent.median('a')).toBe(20);
  });

  test('A negative duration is recorded as 0', () => {
    expect(recorded('a', -5000).median('a')).toBe(0);
  });

  test('The pool that recorded a duration least recently is dropped when there are more than 10 000 pools', () => {
    const recent = recorded('first', 1);
    recent.record('second', 2);
    for (let index = 2; index < 10_000; index += 1) recent.record(`pool-${index}`, 50);
    recent.record('first', 1);
    recent.record('one-too-many', 50);
    expect([recent.median('first'), recent.median('second')]).toEqual([1, 50]);
  });
});

describe('The expected duration of a start', () => {
  test('The recent median takes precedence over the age of starting members', () => {
    expect(startEstimateMs({ recent: 3000, oldestStartingSinceMs: NOW - 60_000, nowMs: NOW })).toBe(3000);
  });

  test('Without a recent start, the expected duration is twice the age of the oldest starting member', () => {
    expect(startEstimateMs({ recent: undefined, oldestStartingSinceMs: NOW - 4000, nowMs: NOW })).toBe(8000);
  });

  test('Without any start, the expected duration is 10 seconds', () => {
    expect(startEstimateMs({ recent: undefined, oldestStartingSinceMs: undefined, nowMs: NOW })).toBe(10_000);
  });

  test('A member that began to start in the future, by another clock, does not make the duration negative', () => {
    expect(startEstimateMs({ recent: undefined, oldestStartingSinceMs: NOW + 4000, nowMs: NOW })).toBe(0);
  });
});
