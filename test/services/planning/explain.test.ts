// The text of decisions, dry runs and forecasts: the desired size, what is done, and what limits it.
import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/services/planning/decide.ts';
import { explain, isWorthRecording, reasonCodes } from '../../../src/services/planning/explain.ts';
import type { ObservedPool } from '../../../src/services/planning/observed-pool.ts';
import { capacity, member, members, NOW, pool } from './pools.ts';

const taken = (count: number) => members(count, 'taken', { allocated: true });
const starting = (count: number) => members(count, 'starting', { phase: 'starting' });
const leaving = (count: number) => members(count, 'leaving', { phase: 'terminating' });
const failed = (count: number) => members(count, 'failed', { phase: 'failed' });
const stale = (count: number) => members(count, 'stale', { revision: 'old' });
const ready = (count: number) => members(count, 'ready');
const HALF_MINUTE_ON = NOW + 30_000;

const planOf = (of: Partial<ObservedPool>, nowMs = NOW) => decide(pool(of), nowMs);

const CASES: readonly { what: string; of: Partial<ObservedPool>; codes: string[]; sentence: string }[] = [
  {
    what: 'that grows to bufferMin',
    of: { members: [...taken(3), ...ready(4)] },
    codes: ['BufferMin'],
    sentence: 'Wants 8: 3 allocated, buffer 5 (bufferMin). Has 7, creating 1.',
  },
  {
    what: 'whose growth maxUnavailable limits',
    of: {},
    codes: ['BufferMin', 'MaxUnavailable'],
    sentence:
      'Wants 5: buffer 5 (bufferMin). Has 0, creating 2. At most 2 may start at once (scaleStrategy.maxUnavailable).',
  },
  {
    what: 'that waits for starts',
    of: { members: starting(2) },
    codes: ['BufferMin', 'WaitingForStarts'],
    sentence: 'Wants 5: buffer 5 (bufferMin). Waiting for 2 members to start.',
  },
  {
    what: 'at poolMax with waiting claims',
    of: { capacitySpec: capacity(8, 10, 0, 40), members: taken(40), unmet: 14 },
    codes: ['BufferMin', 'PoolMax'],
    sentence: 'Wants 62: 40 allocated, 14 waiting, buffer 8 (bufferMin). Held at poolMax 40: 40 exist.',
  },
  {
    what: 'that reaches poolMax with this step',
    of: { members: taken(17) },
    codes: ['BufferMin', 'PoolMax'],
    sentence: 'Wants 22: 17 allocated, buffer 5 (bufferMin). Has 17, creating 3. Held at poolMax 20: 17 exist.',
  },
  {
    what: 'whose terminating members block it at poolMax',
    of: { capacitySpec: capacity(2, 2, 0, 2), members: [...ready(1), ...leaving(1)] },
    codes: ['BufferMin', 'PoolMax'],
    sentence: 'Wants 2: buffer 2 (bufferMin). Held at poolMax 2: 2 exist, 1 terminating.',
  },
  {
    what: 'that backs off',
    of: { members: ready(1), backOffUntilMs: HALF_MINUTE_ON },
    codes: ['BufferMin', 'BackingOff'],
    sentence: 'Wants 5: buffer 5 (bufferMin). Starts keep failing: next try at 03:04:35.',
  },
  {
    what: 'at rest within its bounds',
    of: { members: [...taken(1), ...ready(6)] },
    codes: ['WithinBuffer', 'AtRest'],
    sentence: 'Wants 7: 1 allocated, buffer 6 (within 5–10). Nothing to do.',
  },
  {
    what: 'at rest with more starting members than may start at once now',
    of: { capacitySpec: capacity(0, 2, 0, 9), members: starting(2) },
    codes: ['WithinBuffer', 'AtRest'],
    sentence: 'Wants 2: buffer 2 (within 0–2). Nothing to do.',
  },
  {
    what: 'raised to poolMin',
    of: { capacitySpec: capacity(0, 0, 4, 10) },
    codes: ['PoolMin', 'MaxUnavailable'],
    sentence:
      'Wants 4: buffer 0 (within 0–0), raised to poolMin 4. Has 0, creating 1. At most 1 may start at once (scaleStrategy.maxUnavailable).',
  },
  {
    what: 'that shrinks to bufferMax',
    of: { members: ready(12) },
    codes: ['BufferMax'],
    sentence: 'Wants 10: buffer 10 (bufferMax). Has 12, removing 2.',
  },
  {
    what: 'that shrinks in several steps',
    of: { capacitySpec: capacity(0, 0, 0, 20), members: ready(8) },
    codes: ['BufferMax', 'MaxUnavailable'],
    sentence:
      'Wants 0: buffer 0 (bufferMax). Has 8, removing 2. At most 2 may be removed at once (scaleStrategy.maxUnavailable).',
  },
  {
    what: 'whose bufferMax takes precedence over a greater bufferMin',
    of: { capacitySpec: capacity(5, 1, 0, 20) },
    codes: ['BufferMax'],
    sentence: 'Wants 1: buffer 1 (bufferMax). Has 0, creating 1.',
  },
  {
    what: 'that rolls out',
    of: { members: stale(10) },
    codes: ['WithinBuffer', 'RollingOut', 'MaxUnavailable'],
    sentence:
      'Wants 10: buffer 10 (within 5–10). Has 10, replacing 3 of 10 stale members, creating 3. At most 3 may be replaced at once (updateStrategy.maxUnavailable).',
  },
  {
    what: 'that rolls out and shrinks',
    of: { capacitySpec: capacity(0, 0, 0, 20), members: [...stale(1), ...ready(11)] },
    codes: ['BufferMax', 'RollingOut', 'MaxUnavailable'],
    sentence:
      'Wants 0: buffer 0 (bufferMax). Has 12, replacing 1 of 1 stale member, removing 3. At most 3 may be removed at once (scaleStrategy.maxUnavailable).',
  },
  {
    what: 'whose rollout waits for its new members',
    of: { members: [...stale(7), ...starting(3), ...leaving(3)] },
    codes: ['WithinBuffer', 'RollingOut', 'WaitingForStarts'],
    sentence:
      'Wants 10: buffer 10 (within 5–10). Has 10, replacing 0 of 7 stale members. Waiting for 3 members to start.',
  },
  {
    what: 'whose rollout stops because its new members do not start',
    of: { members: stale(10), backOffUntilMs: HALF_MINUTE_ON },
    codes: ['WithinBuffer', 'RollingOut', 'BackingOff'],
    sentence:
      'Wants 10: buffer 10 (within 5–10). Has 10, replacing 0 of 10 stale members. Starts keep failing: next try at 03:04:35.',
  },
  {
    what: 'with failed members and one to recycle',
    of: { members: [...ready(4), ...failed(2), member('used', { allocated: true })], toRemove: new Set(['used']) },
    codes: ['BufferMin', 'RemoveFailed', 'RemoveRequested'],
    sentence:
      'Wants 5: buffer 5 (bufferMin). Has 4, removing 2 failed members, removing 1 member to recycle or evict, creating 1.',
  },
];

test.each(CASES.map((row) => [row.sentence, row.what, row] as const))(
  'The sentence "%s" explains the plan for a pool %s',
  (sentence, _what, { of, codes }) => {
    const plan = planOf(of);
    const explained = explain(plan);
    expect(explained.sentence).toBe(sentence);
    expect(explained.reasons.map(({ code }) => code)).toEqual(codes);
    expect(reasonCodes(plan)).toEqual(codes);
  },
);

test('Each reason has a message of its own, in the order of the codes', () => {
  const { reasons } = explain(
    planOf({ members: [...stale(9), ...failed(1), member('used')], toRemove: new Set(['used']) }),
  );
  expect(reasons).toEqual([
    { code: 'WithinBuffer', message: 'Wants 9: buffer 9 (within 5–10).' },
    { code: 'RemoveFailed', message: 'Removing 1 failed member.' },
    { code: 'RemoveRequested', message: 'Removing 1 member to recycle or evict.' },
    { code: 'RollingOut', message: 'Replacing 3 of 9 stale members.' },
    { code: 'MaxUnavailable', message: 'At most 3 may be replaced at once (updateStrategy.maxUnavailable).' },
  ]);
});

describe('Several limits', () => {
  const crowded = { capacitySpec: capacity(9, 9, 0, 3), members: starting(3) };
  test.each<[string, Partial<ObservedPool>]>([
    ['BackingOff', { ...crowded, backOffUntilMs: NOW + 1 }],
    ['PoolMax', crowded],
    ['PoolMax', { capacitySpec: capacity(9, 9, 0, 5) }],
    ['WaitingForStarts', { capacitySpec: capacity(9, 9, 0, 20), members: starting(3) }],
    ['MaxUnavailable', { capacitySpec: capacity(9, 9, 0, 20), members: starting(2) }],
  ])('The first limit that applies is reported: %s', (code, of) => {
    expect(reasonCodes(planOf(of)).at(-1)).toBe(code);
  });
});

test('Stale members that a shrink removes are not left for the update', () => {
  const plan = planOf({
    capacitySpec: capacity(0, 0, 0, 9),
    scaleStrategy: { maxUnavailable: '100%' },
    members: stale(4),
  });
  expect(plan.remove).toHaveLength(4);
  expect(reasonCodes(plan)).toEqual(['BufferMax', 'RollingOut']);
});

describe('Plans that are worth recording', () => {
  const atRest = planOf({ members: ready(6) });
  const codes = reasonCodes(atRest);

  test('A plan that does something is recorded whatever was recorded before', () => {
    for (const plan of [planOf({}), planOf({ members: ready(12) })])
      expect(isWorthRecording(plan, reasonCodes(plan))).toBe(true);
  });
  test('The first plan is recorded even if it does nothing', () => {
    expect(isWorthRecording(atRest)).toBe(true);
  });
  test('A plan whose reason codes differ from the last ones is recorded', () => {
    expect(isWorthRecording(atRest, ['BufferMin', 'AtRest'])).toBe(true);
    expect(isWorthRecording(atRest, codes.slice(0, 1))).toBe(true);
    expect(isWorthRecording(atRest, [...codes, 'PoolMax'])).toBe(true);
  });
  test('A plan that differs from the last one in a number only is not recorded', () => {
    expect(isWorthRecording(planOf({ members: ready(7) }), codes)).toBe(false);
  });
  test('A plan that differs from the last one in a time only is not recorded', () => {
    const [before, now] = [1, 2].map((later) => planOf({ backOffUntilMs: NOW + later }));
    expect(before && now && isWorthRecording(now, reasonCodes(before))).toBe(false);
  });
});
