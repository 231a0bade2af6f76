import { describe, expect, test } from 'vitest';
import type { Condition, ConditionType } from '../../../src/contract/conditions.ts';
import { localConditions } from '../../../src/services/planning/conditions.ts';
import type { ObservedPool } from '../../../src/services/planning/observed-pool.ts';
import { planPool } from '../../../src/services/planning/plan.ts';
import { capacity, member, members, NOW, pool } from './pools.ts';

interface Extras {
  backOff?: { untilMs: number; lastError: string };
  previous?: readonly Condition[];
  nowMs?: number;
}

const conditionsOf = (traits: Partial<ObservedPool>, { nowMs = NOW, ...extras }: Extras = {}) => {
  const observed = pool(traits);
  return localConditions({ plan: planPool(observed, nowMs), capacitySpec: observed.capacitySpec, nowMs, ...extras });
};
const told = (conditions: readonly Condition[], type: ConditionType) => {
  const found = conditions.find((condition) => condition.type === type);
  return found && `${found.status} ${found.reason}: ${found.message}`;
};

const ready = (count: number) => members(count, 'ready');
const taken = (count: number) => members(count, 'taken', { allocated: true });
const starting = (count: number) => members(count, 'starting', { phase: 'starting' });
const stale = (count: number) => members(count, 'stale', { revision: 'old' });

test('the local runtime tells four conditions in a fixed order', () => {
  expect(conditionsOf({}).map(({ type }) => type)).toEqual(['Ready', 'Progressing', 'ScalingLimited', 'Degraded']);
});

describe('Ready', () => {
  test.each<[string, Partial<ObservedPool>, string]>([
    ['the buffer is met', { members: ready(5) }, 'True BufferMet: 5 members are available; bufferMin is 5.'],
    ['fewer are available', { members: ready(1) }, 'False BufferLow: 1 member is available; bufferMin is 5.'],
    ['none is available', { members: taken(7) }, 'False Exhausted: 0 members are available; bufferMin is 5.'],
    [
      'no buffer is asked for',
      { capacitySpec: capacity(0, 0, 0, 5) },
      'True BufferMet: 0 members are available; bufferMin is 0.',
    ],
    [
      'members are starting only',
      { members: starting(5) },
      'False Exhausted: 0 members are available; bufferMin is 5.',
    ],
  ])('when %s', (_when, traits, expected) => {
    expect(told(conditionsOf(traits), 'Ready')).toBe(expected);
  });
});

describe('Progressing', () => {
  const settled = 'False Settled: The pool has the members that it wants.';
  test.each<[string, Partial<ObservedPool>, string]>([
    ['members are lacking', { members: ready(3) }, 'True Growing: 3 of 5 members exist, 0 of them starting.'],
    ['members are starting', { members: starting(5) }, 'True Growing: 5 of 5 members exist, 5 of them starting.'],
    ['there are too many', { members: ready(12) }, 'True Shrinking: 12 members exist, 10 are wanted.'],
    [
      'an update is under way',
      { members: [...stale(7), ...starting(3)] },
      'True RollingOut: 3 of 10 members are updated.',
    ],
    [
      'only allocated members are stale',
      { members: [...ready(6), member('old', { allocated: true, revision: 'old' })] },
      'True RollingOut: 6 of 7 members are updated.',
    ],
    ['the buffer is in its band', { members: ready(7) }, settled],
    ['poolMax allows no more', { members: taken(20) }, 'False Settled: The pool can do no more within poolMax.'],
    ['poolMax was lowered below what is there', { capacitySpec: capacity(5, 10, 0, 3), members: ready(7) }, settled],
    [
      'a failed member beyond the wanted ones is about to go',
      { members: [...ready(5), member('x', { phase: 'failed' })] },
      settled,
    ],
  ])('when %s', (_when, traits, expected) => {
    expect(told(conditionsOf(traits), 'Progressing')).toBe(expected);
  });
});

describe('ScalingLimited', () => {
  const isFree = 'False NotLimited: poolMax holds nothing back.';
  const isLimited = 'True PoolMax: More members are wanted than poolMax 20 allows.';
  test.each<[string, Partial<ObservedPool>, string]>([
    ['all that is wanted fits', { members: ready(5) }, isFree],
    ['more is wanted than poolMax', { members: taken(16) }, isLimited],
    ['more is wanted and poolMax is reached', { members: taken(20) }, isLimited],
    [
      'poolMax was lowered and nothing more is wanted',
      { capacitySpec: capacity(5, 10, 0, 3), members: ready(7) },
      isFree,
    ],
  ])('when %s', (_when, traits, expected) => {
    expect(told(conditionsOf(traits), 'ScalingLimited')).toBe(expected);
  });

  test('its message stays the same while only the number of waiting claims changes', () => {
    const message = (unmet: number) => told(conditionsOf({ members: taken(20), unmet }), 'ScalingLimited');
    expect(message(9)).toBe(message(1));
  });
});

describe('Degraded', () => {
  const backOff = { untilMs: NOW + 60_000, lastError: 'image not found' };

  test('when starts keep failing, with the last error and the time of the next try', () => {
    expect(told(conditionsOf({}, { backOff }), 'Degraded')).toBe(
      'True StartFailing: Starts keep failing; next try at 2026-01-02T03:05:05.000Z. Last error: image not found',
    );
  });
  test('its message does not change by clock alone', () => {
    const later = conditionsOf({}, { backOff, nowMs: NOW + 90_000 });
    expect(told(later, 'Degraded')).toBe(told(conditionsOf({}, { backOff }), 'Degraded'));
  });
  test('not while starts succeed', () => {
    expect(told(conditionsOf({}), 'Degraded')).toBe('False Healthy: Members start as they should.');
  });
});

describe('lastTransitionTime', () => {
  const then = '2026-01-02T03:04:05.000Z';
  const later = '2026-01-02T03:14:05.000Z';
  const times = (conditions: readonly Condition[]) =>
    Object.fromEntries(conditions.map(({ type, lastTransitionTime }) => [type, lastTransitionTime]));

  test('is now where nothing was told before', () => {
    expect(new Set(Object.values(times(conditionsOf({}))))).toEqual(new Set([then]));
  });
  test('is kept while the status stays, also when reason and message change', () => {
    const previous = conditionsOf({});
    const growing = conditionsOf({ members: ready(3) }, { previous, nowMs: NOW + 600_000 });
    expect(told(growing, 'Ready')).toMatch(/^False BufferLow/);
    expect(times(growing)).toEqual(times(previous));
  });
  test('moves for exactly the conditions whose status changes', () => {
    const settled = conditionsOf({ members: ready(5) }, { previous: conditionsOf({}), nowMs: NOW + 600_000 });
    expect(times(settled)).toEqual({ Ready: later, Progressing: later, ScalingLimited: then, Degraded: then });
  });
  test('is now where it was not known before', () => {
    const previous = conditionsOf({}).map(({ lastTransitionTime: _, ...condition }) => condition);
    expect(times(conditionsOf({}, { previous, nowMs: NOW + 600_000 })).Ready).toBe(later);
  });
});
