import { describe, expect, test } from 'vitest';
import type { Condition, ConditionType } from '../../../src/contract/conditions.ts';
import { localConditions, type PoolProblem } from '../../../src/services/planning/conditions.ts';
import type { ObservedPool } from '../../../src/services/planning/observed-pool.ts';
import { decide } from '../../../src/services/planning/decide.ts';
import { capacity, member, members, NOW, pool } from './pools.ts';

interface Extras {
  backOff?: { untilMs: number; lastError: string };
  problems?: readonly PoolProblem[];
  previous?: readonly Condition[];
  nowMs?: number;
}

const conditionsOf = (traits: Partial<ObservedPool>, { nowMs = NOW, ...extras }: Extras = {}) => {
  return localConditions({ plan: decide(pool(traits), nowMs), nowMs, ...extras });
};
const textOf = (conditions: readonly Condition[], type: ConditionType) => {
  const found = conditions.find((condition) => condition.type === type);
  return found && `${found.status} ${found.reason}: ${found.message}`;
};

const ready = (count: number) => members(count, 'ready');
const taken = (count: number) => members(count, 'taken', { allocated: true });
const starting = (count: number) => members(count, 'starting', { phase: 'starting' });
const stale = (count: number) => members(count, 'stale', { revision: 'old' });

test('The local runtime reports four conditions in a fixed order', () => {
  expect(conditionsOf({}).map(({ type }) => type)).toEqual(['Ready', 'Progressing', 'ScalingLimited', 'Degraded']);
});

describe('Ready', () => {
  test.each<[string, Partial<ObservedPool>, string]>([
    ['the buffer is met', { members: ready(5) }, 'True BufferMet: 5 members are available; bufferMin is 5.'],
    ['fewer members are available', { members: ready(1) }, 'False BufferLow: 1 member is available; bufferMin is 5.'],
    ['no member is available', { members: taken(7) }, 'False Exhausted: 0 members are available; bufferMin is 5.'],
    [
      'bufferMin is 0',
      { capacitySpec: capacity(0, 0, 0, 5) },
      'True BufferMet: 0 members are available; bufferMin is 0.',
    ],
    ['all members are starting', { members: starting(5) }, 'False Exhausted: 0 members are available; bufferMin is 5.'],
  ])('Ready has the status and reason for a pool in which %s', (_when, traits, expected) => {
    expect(textOf(conditionsOf(traits), 'Ready')).toBe(expected);
  });
});

describe('Progressing', () => {
  const settled = 'False Settled: The pool has its desired size.';
  test.each<[string, Partial<ObservedPool>, string]>([
    ['members are missing', { members: ready(3) }, 'True Growing: 3 of 5 members exist, 0 of them starting.'],
    ['members are starting', { members: starting(5) }, 'True Growing: 5 of 5 members exist, 5 of them starting.'],
    ['there are too many members', { members: ready(12) }, 'True Shrinking: 12 members exist; the desired size is 10.'],
    [
      'the only member is starting',
      { capacitySpec: capacity(1, 1, 0, 9), members: starting(1) },
      'True Growing: 1 of 1 member exists, 1 of them starting.',
    ],
    [
      'there is one member too many',
      { capacitySpec: capacity(0, 0, 0, 9), members: ready(1) },
      'True Shrinking: 1 member exists; the desired size is 0.',
    ],
    [
      'the update of the only member is under way',
      { capacitySpec: capacity(1, 1, 0, 9), members: stale(1) },
      'True RollingOut: 0 of 1 member is updated.',
    ],
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
    ['the buffer is within its bounds', { members: ready(7) }, settled],
    ['poolMax allows no more', { members: taken(20) }, 'False Settled: The pool cannot grow: poolMax is reached.'],
    ['poolMax was lowered below the current size', { capacitySpec: capacity(5, 10, 0, 3), members: ready(7) }, settled],
    [
      'a failed member is about to be removed from a pool of the desired size',
      { members: [...ready(5), member('x', { phase: 'failed' })] },
      settled,
    ],
  ])('Progressing has the status and reason for a pool in which %s', (_when, traits, expected) => {
    expect(textOf(conditionsOf(traits), 'Progressing')).toBe(expected);
  });
});

describe('ScalingLimited', () => {
  const isFree = 'False NotLimited: poolMax does not limit the pool.';
  const isLimited = 'True PoolMax: The desired size is greater than poolMax 20.';
  test.each<[string, Partial<ObservedPool>, string]>([
    ['the desired size is within poolMax', { members: ready(5) }, isFree],
    ['the desired size is above poolMax', { members: taken(16) }, isLimited],
    ['the desired size is above poolMax, and poolMax is reached', { members: taken(20) }, isLimited],
    [
      'poolMax was lowered and the desired size is not above the current one',
      { capacitySpec: capacity(5, 10, 0, 3), members: ready(7) },
      isFree,
    ],
  ])('ScalingLimited has the status and reason for a pool in which %s', (_when, traits, expected) => {
    expect(textOf(conditionsOf(traits), 'ScalingLimited')).toBe(expected);
  });

  test('The message of ScalingLimited stays the same while only the number of waiting claims changes', () => {
    const message = (unmet: number) => textOf(conditionsOf({ members: taken(20), unmet }), 'ScalingLimited');
    expect(message(9)).toBe(message(1));
  });
});

describe('Degraded', () => {
  const backOff = { untilMs: NOW + 60_000, lastError: 'image not found' };

  test('Degraded reports the last error and the time of the next try while starts keep failing', () => {
    expect(textOf(conditionsOf({}, { backOff }), 'Degraded')).toBe(
      'True StartFailing: Starts keep failing: next try at 2026-01-02T03:05:05.000Z. Last error: image not found',
    );
  });
  test('The message of Degraded does not change with the time alone', () => {
    const later = conditionsOf({}, { backOff, nowMs: NOW + 90_000 });
    expect(textOf(later, 'Degraded')).toBe(textOf(conditionsOf({}, { backOff }), 'Degraded'));
  });
  test('The most severe of several problems is the reason of Degraded, and its message has all of them', () => {
    const problem = (reason: PoolProblem['reason']) => ({ reason, message: `${reason}.` });
    const problems = [problem('ForeignPods'), problem('StuckTerminating'), problem('ForeignController')];
    expect(textOf(conditionsOf({}, { backOff, problems }), 'Degraded')).toMatch(
      /^True ForeignController: ForeignController\. Starts keep failing.* StuckTerminating\. ForeignPods\.$/,
    );
  });
  test('Degraded is False while starts succeed', () => {
    expect(textOf(conditionsOf({}), 'Degraded')).toBe('False Healthy: Members start normally.');
  });
});

describe('lastTransitionTime', () => {
  const then = '2026-01-02T03:04:05.000Z';
  const later = '2026-01-02T03:14:05.000Z';
  const times = (conditions: readonly Condition[]) =>
    Object.fromEntries(conditions.map(({ type, lastTransitionTime }) => [type, lastTransitionTime]));

  test('A new condition has the current time as its lastTransitionTime', () => {
    expect(new Set(Object.values(times(conditionsOf({}))))).toEqual(new Set([then]));
  });
  test('A condition keeps its lastTransitionTime while its status stays the same, even if reason and message change', () => {
    const previous = conditionsOf({});
    const growing = conditionsOf({ members: ready(3) }, { previous, nowMs: NOW + 600_000 });
    expect(textOf(growing, 'Ready')).toMatch(/^False BufferLow/);
    expect(times(growing)).toEqual(times(previous));
  });
  test('Only the conditions whose status changes get a new lastTransitionTime', () => {
    const settled = conditionsOf({ members: ready(5) }, { previous: conditionsOf({}), nowMs: NOW + 600_000 });
    expect(times(settled)).toEqual({ Ready: later, Progressing: later, ScalingLimited: then, Degraded: then });
  });
  test('A condition without a known lastTransitionTime gets the current time', () => {
    const previous = conditionsOf({}).map(({ lastTransitionTime: _, ...condition }) => condition);
    expect(times(conditionsOf({}, { previous, nowMs: NOW + 600_000 })).Ready).toBe(later);
  });
});
