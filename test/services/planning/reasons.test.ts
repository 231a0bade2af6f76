import { describe, expect, test } from 'vitest';
import { isWorthRecording, planPool } from '../../../src/services/planning/plan.ts';
import type { ObservedPool } from '../../../src/services/planning/observed-pool.ts';
import { capacity, member, members, NOW, pool } from './pools.ts';

const taken = (count: number) => members(count, 'taken', { allocated: true });
const starting = (count: number) => members(count, 'starting', { phase: 'starting' });
const leaving = (count: number) => members(count, 'leaving', { phase: 'terminating' });
const stale = (count: number) => members(count, 'stale', { revision: 'old' });
const ready = (count: number) => members(count, 'ready');
const HALF_MINUTE_ON = NOW + 30_000;

const CASES: readonly { what: string; of: Partial<ObservedPool>; codes: string[]; sentence: string }[] = [
  {
    what: 'growth to bufferMin',
    of: { members: [...taken(3), ...ready(4)] },
    codes: ['BufferMin'],
    sentence: 'Wants 8 members: 3 allocated, and the buffer raised from 4 to bufferMin 5. Creating 1.',
  },
  {
    what: 'growth that maxUnavailable limits',
    of: {},
    codes: ['BufferMin', 'MaxUnavailable'],
    sentence:
      'Wants 5 members: 0 allocated, and the buffer raised from 0 to bufferMin 5. Creating 2. At most 2 may be starting at once (scaleStrategy.maxUnavailable).',
  },
  {
    what: 'waiting for starts',
    of: { members: starting(2) },
    codes: ['BufferMin', 'WaitingForStarts'],
    sentence:
      'Wants 5 members: 0 allocated, and the buffer raised from 2 to bufferMin 5. Waiting for 2 members to start.',
  },
  {
    what: 'a pool at poolMax with waiting claims',
    of: { members: taken(20), unmet: 3 },
    codes: ['BufferMin', 'PoolMax'],
    sentence:
      'Wants 28 members: 20 allocated, 3 for waiting claims, and the buffer raised from -3 to bufferMin 5. poolMax 20 leaves room for 0 more: 20 exist, 0 of them terminating.',
  },
  {
    what: 'terminating members that block at poolMax',
    of: { capacitySpec: capacity(2, 2, 0, 2), members: [...ready(1), ...leaving(1)] },
    codes: ['BufferMin', 'PoolMax'],
    sentence:
      'Wants 2 members: 0 allocated, and the buffer raised from 1 to bufferMin 2. poolMax 2 leaves room for 0 more: 2 exist, 1 of them terminating.',
  },
  {
    what: 'back-off, with the time of the next try',
    of: { members: ready(1), backOffUntilMs: HALF_MINUTE_ON },
    codes: ['BufferMin', 'BackingOff'],
    sentence:
      'Wants 5 members: 0 allocated, and the buffer raised from 1 to bufferMin 5. Starts keep failing: no new one before 2026-01-02T03:04:35.000Z.',
  },
  {
    what: 'rest within the band',
    of: { members: [...taken(1), ...ready(6)] },
    codes: ['WithinBuffer', 'AtRest'],
    sentence:
      'Wants 7 members: 1 allocated, and the buffer stays at 6 (bufferMin 5, bufferMax 10). Nothing to do: 7 members.',
  },
  {
    what: 'rest while members are on their way',
    of: { members: [...ready(4), ...starting(1)] },
    codes: ['WithinBuffer', 'AtRest'],
    sentence:
      'Wants 5 members: 0 allocated, and the buffer stays at 5 (bufferMin 5, bufferMax 10). Nothing to do: 5 members, 1 of them starting.',
  },
  {
    what: 'rest with more members on their way than may start at once now',
    of: { capacitySpec: capacity(0, 2, 0, 9), members: starting(2) },
    codes: ['WithinBuffer', 'AtRest'],
    sentence:
      'Wants 2 members: 0 allocated, and the buffer stays at 2 (bufferMin 0, bufferMax 2). Nothing to do: 2 members, 2 of them starting.',
  },
  {
    what: 'poolMin',
    of: { capacitySpec: capacity(0, 0, 1, 10) },
    codes: ['PoolMin'],
    sentence:
      'Wants 1 member: 0 allocated, and the buffer stays at 0 (bufferMin 0, bufferMax 0); raised to poolMin 1. Creating 1.',
  },
  {
    what: 'a shrink to bufferMax',
    of: { members: ready(12) },
    codes: ['BufferMax'],
    sentence: 'Wants 10 members: 0 allocated, and the buffer lowered from 12 to bufferMax 10. Removing 2.',
  },
  {
    what: 'a shrink in several passes',
    of: { capacitySpec: capacity(0, 0, 0, 20), members: ready(8) },
    codes: ['BufferMax', 'MaxUnavailable'],
    sentence:
      'Wants 0 members: 0 allocated, and the buffer lowered from 8 to bufferMax 0. Removing 2. At most 2 may go in one pass (scaleStrategy.maxUnavailable).',
  },
  {
    what: 'bufferMax that wins over a greater bufferMin',
    of: { capacitySpec: capacity(5, 1, 0, 20) },
    codes: ['BufferMax'],
    sentence: 'Wants 1 member: 0 allocated, and the buffer raised from 0 to bufferMax 1. Creating 1.',
  },
  {
    what: 'a rollout',
    of: { members: stale(10) },
    codes: ['WithinBuffer', 'RollingOut', 'MaxUnavailable'],
    sentence:
      'Wants 10 members: 0 allocated, and the buffer stays at 10 (bufferMin 5, bufferMax 10). Replacing 3 of 10 idle stale members. Creating 3. At most 3 may be missing during an update (updateStrategy.maxUnavailable).',
  },
  {
    what: 'a rollout that waits for its new members',
    of: { members: [...stale(7), ...starting(3), ...leaving(3)] },
    codes: ['WithinBuffer', 'RollingOut', 'WaitingForStarts'],
    sentence:
      'Wants 10 members: 0 allocated, and the buffer stays at 10 (bufferMin 5, bufferMax 10). Replacing 0 of 7 idle stale members. Waiting for 3 members to start.',
  },
  {
    what: 'a rollout whose new members do not start',
    of: { members: stale(10), backOffUntilMs: HALF_MINUTE_ON },
    codes: ['WithinBuffer', 'RollingOut', 'BackingOff'],
    sentence:
      'Wants 10 members: 0 allocated, and the buffer stays at 10 (bufferMin 5, bufferMax 10). Replacing 0 of 10 idle stale members. Starts keep failing: no new one before 2026-01-02T03:04:35.000Z.',
  },
  {
    what: 'failed and requested members',
    of: {
      members: [...ready(6), member('broken', { phase: 'failed' }), member('used', { allocated: true })],
      toRemove: new Set(['used']),
    },
    codes: ['WithinBuffer', 'RemoveFailed', 'RemoveRequested'],
    sentence:
      'Wants 6 members: 0 allocated, and the buffer stays at 6 (bufferMin 5, bufferMax 10). Removing 1 failed member. Removing 1 member to recycle or evict.',
  },
];

describe('reasons and their sentence', () => {
  test.each(CASES)('tell $what', ({ of, codes, sentence }) => {
    const plan = planPool(pool(of), NOW);
    expect(plan.reasons.map(({ code }) => code)).toEqual(codes);
    expect(plan.sentence).toBe(sentence);
  });
});

describe('where several limits hold', () => {
  const crowded = { capacitySpec: capacity(9, 9, 0, 3), members: starting(3) };
  const lastCode = (of: Partial<ObservedPool>) => planPool(pool(of), NOW).reasons.at(-1)?.code;

  test('backing off is told before poolMax', () => {
    expect(lastCode({ ...crowded, backOffUntilMs: NOW + 1 })).toBe('BackingOff');
  });
  test('poolMax is told before waiting for starts', () => {
    expect(lastCode(crowded)).toBe('PoolMax');
  });
  test('poolMax is told before maxUnavailable, even where that lets fewer through', () => {
    expect(lastCode({ capacitySpec: capacity(9, 9, 0, 5) })).toBe('PoolMax');
  });
  test('waiting for starts is told before maxUnavailable', () => {
    expect(lastCode({ capacitySpec: capacity(9, 9, 0, 20), members: starting(3) })).toBe('WaitingForStarts');
  });
});

test('what a shrink takes away is not told as left for the update', () => {
  const shrinking = {
    capacitySpec: capacity(0, 0, 0, 9),
    scaleStrategy: { maxUnavailable: '100%' },
    members: stale(4),
  };
  const { remove, reasons } = planPool(pool(shrinking), NOW);
  expect(remove).toHaveLength(4);
  expect(reasons.map(({ code }) => code)).toEqual(['BufferMax', 'RollingOut']);
});

describe('a plan is worth recording', () => {
  const atRest = planPool(pool({ members: ready(6) }), NOW);
  const codes = atRest.reasons.map(({ code }) => code);

  test('when it does something, whatever was recorded before', () => {
    const growing = planPool(pool(), NOW);
    const shrinking = planPool(pool({ members: ready(12) }), NOW);
    for (const plan of [growing, shrinking])
      expect(
        isWorthRecording(
          plan,
          plan.reasons.map(({ code }) => code),
        ),
      ).toBe(true);
  });
  test('when nothing was recorded before', () => {
    expect(isWorthRecording(atRest)).toBe(true);
  });
  test('when its reason codes change', () => {
    expect(isWorthRecording(atRest, ['BufferMin', 'AtRest'])).toBe(true);
    expect(isWorthRecording(atRest, codes.slice(0, 1))).toBe(true);
    expect(isWorthRecording(atRest, [...codes, 'PoolMax'])).toBe(true);
  });
  test('not when only a number in its reasons changes', () => {
    expect(isWorthRecording(planPool(pool({ members: ready(7) }), NOW), codes)).toBe(false);
  });
  test('not when only a time in its reasons changes', () => {
    const until = (backOffUntilMs: number) => planPool(pool({ backOffUntilMs }), NOW);
    const before = until(NOW + 1).reasons.map(({ code }) => code);
    expect(isWorthRecording(until(NOW + 2), before)).toBe(false);
  });
});
