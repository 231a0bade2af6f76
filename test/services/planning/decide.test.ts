import { describe, expect, test } from 'vitest';
import { decide, type Plan } from '../../../src/services/planning/decide.ts';
import { applyPlan, capacity, member, members, NOW, pool } from './pools.ts';

const namesOf = ({ remove }: Plan) => remove.map(({ name }) => name);

interface Case {
  readonly of: ReturnType<typeof capacity>;
  readonly max?: number | string;
  readonly s: number;
  readonly t?: number;
  readonly a?: number;
  readonly unmet?: number;
  readonly notReady?: number;
  readonly stale?: number;
  readonly desired: number;
  readonly create: number;
  readonly remove: number;
}

const usual = capacity(5, 10, 5, 20);
const small = capacity(1, 3, 0, 20);

/** The rows of "Worked cases" in the scaling rule, in its order. */
const CASES: readonly Case[] = [
  { of: usual, s: 0, desired: 5, create: 2, remove: 0 },
  { of: usual, max: '100%', s: 0, desired: 5, create: 5, remove: 0 },
  { of: usual, s: 2, notReady: 2, desired: 5, create: 0, remove: 0 },
  { of: usual, s: 7, a: 3, desired: 8, create: 1, remove: 0 },
  { of: usual, s: 7, a: 7, unmet: 5, desired: 17, create: 5, remove: 0 },
  { of: usual, s: 20, a: 20, unmet: 3, desired: 28, create: 0, remove: 0 },
  { of: usual, s: 12, desired: 10, create: 0, remove: 2 },
  { of: capacity(0, 0, 4, 10), s: 0, desired: 4, create: 1, remove: 0 },
  { of: capacity(5, 10, 0, 3), s: 7, desired: 7, create: 0, remove: 0 },
  { of: small, max: '100%', s: 5, unmet: 2, notReady: 5, desired: 5, create: 0, remove: 0 },
  { of: small, max: '100%', s: 1, unmet: 2, notReady: 1, desired: 3, create: 2, remove: 0 },
  { of: small, max: '100%', s: 3, unmet: 2, notReady: 3, desired: 3, create: 0, remove: 0 },
  { of: usual, s: 10, stale: 10, desired: 10, create: 3, remove: 3 },
  { of: usual, s: 10, t: 13, notReady: 3, stale: 7, desired: 10, create: 0, remove: 0 },
  { of: usual, s: 12, stale: 12, desired: 10, create: 1, remove: 3 },
  { of: capacity(5, 10, 5, 10), s: 10, stale: 10, desired: 10, create: 0, remove: 3 },
  { of: capacity(5, 10, 5, 10), s: 7, t: 10, stale: 7, desired: 7, create: 0, remove: 2 },
  { of: capacity(2, 2, 0, 2), max: 1, s: 2, stale: 2, desired: 2, create: 0, remove: 1 },
  { of: capacity(2, 2, 0, 2), max: 1, s: 1, t: 2, stale: 1, desired: 2, create: 0, remove: 0 },
  { of: capacity(5, 10, 5, 100), s: 40, a: 35, stale: 5, desired: 40, create: 2, remove: 2 },
  { of: capacity(0, 0, 0, 2000), s: 1000, desired: 0, create: 0, remove: 250 },
];

const poolOf = ({ of, max, s, t = s, a = 0, unmet = 0, notReady = 0, stale = 0 }: Case) => {
  const strategy = max === undefined ? undefined : { maxUnavailable: max };
  return pool({
    capacitySpec: of,
    scaleStrategy: strategy,
    updateStrategy: strategy,
    unmet,
    members: [
      ...members(a, 'taken', { allocated: true }),
      ...members(notReady, 'starting', { phase: 'starting', readyAtMs: undefined }),
      ...members(stale, 'stale', { revision: 'old' }),
      ...members(s - a - notReady - stale, 'ready'),
      ...members(t - s, 'leaving', { phase: 'terminating', revision: 'old' }),
    ],
  });
};

const title = ({ of, max = '25%', s, t = s, a = 0, unmet = 0, notReady = 0, stale = 0, ...plan }: Case) =>
  `Capacity (${Object.values(of).join(',')}), maxUnavailable ${max}, S ${s}, T ${t}, a ${a}, unmet ${unmet}, notReady ${notReady}, stale ${stale} result in desired ${plan.desired}, create ${plan.create}, remove ${plan.remove}`;

describe('The worked cases of the rule', () => {
  test.each(CASES.map((row) => [title(row), row] as const))('%s', (_title, row) => {
    const { desired, create, remove } = decide(poolOf(row), NOW);
    expect({ desired, create, remove: remove.length }).toEqual({
      desired: row.desired,
      create: row.create,
      remove: row.remove,
    });
  });

  test('A rollout waits after its first step until the new members are ready or the old ones are gone', () => {
    const max1 = { maxUnavailable: 1 };
    for (const first of [
      pool({ members: members(10, 'stale', { revision: 'old' }) }),
      pool({
        capacitySpec: capacity(2, 2, 0, 2),
        scaleStrategy: max1,
        updateStrategy: max1,
        members: members(2, 'stale', { revision: 'old' }),
      }),
    ]) {
      const plan = decide(first, NOW);
      expect(plan.remove.length).toBeGreaterThan(0);
      expect(decide(applyPlan(first, plan), NOW)).toMatchObject({ create: 0, remove: [] });
    }
  });
});

describe('Stuck members', () => {
  const leaving = (count: number, isStuck: boolean) => members(count, 'leaving', { phase: 'terminating', isStuck });
  const at = (poolMax: number, count: number, isStuck = true) =>
    decide(
      pool({
        capacitySpec: capacity(poolMax, poolMax, 0, poolMax),
        scaleStrategy: { maxUnavailable: '100%' },
        members: [...members(poolMax - count, 'ready'), ...leaving(count, isStuck)],
      }),
      NOW,
    );

  test('A member that is terminating in time holds its place at poolMax', () => {
    expect(at(8, 2, false)).toMatchObject({ create: 0, limit: { code: 'PoolMax', existing: 8, terminating: 2 } });
  });

  test.each([
    [8, 2, 2],
    [8, 3, 2],
    [9, 3, 3],
    [9, 4, 3],
    [1, 1, 1],
    [2, 2, 1],
  ])('At poolMax %i, of %i stuck members %i are replaced', (poolMax, stuck, replaced) => {
    expect(at(poolMax, stuck).create).toBe(replaced);
  });

  test('More stuck members than the allowance keep the pool at poolMax, and the plan counts them as terminating', () => {
    expect(at(8, 3).limit).toEqual({ code: 'PoolMax', poolMax: 8, existing: 6, terminating: 1 });
  });

  test('A stuck member is not removed again', () => {
    expect(at(8, 2).remove).toEqual([]);
  });

  test('Only a terminating member can be stuck', () => {
    const odd = pool({ capacitySpec: capacity(4, 4, 0, 4), members: members(4, 'ready', { isStuck: true }) });
    expect(decide(odd, NOW)).toMatchObject({ create: 0, limit: undefined });
  });
});

test('bufferMax takes precedence over a greater bufferMin, which only a stored pool can have', () => {
  const plan = decide(pool({ capacitySpec: capacity(5, 3, 0, 20) }), NOW);
  expect(plan).toMatchObject({ desired: 3, bound: 'BufferMax' });
  expect(decide(pool({ capacitySpec: capacity(5, 3, 0, 20), members: members(3, 'ready') }), NOW).bound).toBe(
    'BufferMax',
  );
});

test('poolMax takes precedence over a greater poolMin, which only a stored pool can have', () => {
  const odd = pool({ capacitySpec: capacity(0, 0, 9, 2), scaleStrategy: { maxUnavailable: 9 } });
  expect(decide(odd, NOW).create).toBe(2);
});

describe('Held members that are not ready', () => {
  const held = (phase: 'ready' | 'starting') => members(7, 'held', { allocated: true, phase });

  test('A pool whose held members are not ready grows as if they were', () => {
    const plans = (['ready', 'starting'] as const).map((phase) => {
      const { create, remove, desired, observed, limit } = decide(pool({ members: held(phase), unmet: 5 }), NOW);
      return { create, remove, desired, observed, limit };
    });
    expect(plans[1]).toEqual(plans[0]);
    expect(plans[0]).toMatchObject({ create: 5, observed: { allocated: 7, starting: 0, available: 0 } });
  });

  test('A rollout has the same budget while held members are not ready', () => {
    const stale = members(5, 'stale', { revision: 'old' });
    const plans = (['ready', 'starting'] as const).map((phase) =>
      decide(pool({ members: [...held(phase), ...stale] }), NOW),
    );
    expect(plans.map(namesOf)).toEqual([
      ['stale-00', 'stale-01'],
      ['stale-00', 'stale-01'],
    ]);
  });
});

describe('The members that a plan removes', () => {
  test('Failed and requested members are removed first, by name and even if allocated, then those of the update, then those of the shrink', () => {
    const plan = decide(
      pool({
        capacitySpec: capacity(1, 2, 0, 20),
        toRemove: new Set(['x-requested', 'leaving', 'no-such-member', 'd-failed-and-requested']),
        members: [
          member('new-1'),
          member('x-requested', { allocated: true }),
          member('old', { revision: 'old' }),
          member('z-failed', { phase: 'failed' }),
          member('leaving', { phase: 'terminating' }),
          member('d-failed-and-requested', { phase: 'failed', allocated: true }),
          member('new-2'),
          member('new-3'),
          member('b-requested-elsewhere', { phase: 'failed' }),
        ],
      }),
      NOW,
    );
    expect(plan.remove).toEqual([
      { name: 'b-requested-elsewhere', because: 'failed' },
      { name: 'd-failed-and-requested', because: 'failed' },
      { name: 'x-requested', because: 'requested' },
      { name: 'z-failed', because: 'failed' },
      { name: 'old', because: 'update' },
      { name: 'new-1', because: 'shrink' },
    ]);
  });

  test('An update removes starting members first, then later ready, more restarts, newer, then by name', () => {
    const old = { revision: 'old' };
    const inOrder = [
      member('starting', { ...old, phase: 'starting', readyAtMs: undefined }),
      member('ready-late', { ...old, readyAtMs: 90 }),
      member('restarted', { ...old, readyAtMs: 50, restarts: 2 }),
      member('newer', { ...old, readyAtMs: 50, createdAtMs: 40 }),
      member('a-older', { ...old, readyAtMs: 50, createdAtMs: 30 }),
      member('b-older', { ...old, readyAtMs: 50, createdAtMs: 30 }),
      member('never-ready', { ...old, readyAtMs: undefined, restarts: 9, createdAtMs: 99 }),
    ];
    const plan = decide(
      pool({
        capacitySpec: capacity(6, 20, 0, 20),
        updateStrategy: { maxUnavailable: 99 },
        members: inOrder.toReversed(),
      }),
      NOW,
    );
    expect(namesOf(plan)).toEqual(inOrder.map(({ name }) => name));
  });

  test('A shrink removes starting members first, then stale, then newest, then by name', () => {
    // While starts back off the update removes no ready member, so the stale one is left to the shrink.
    const inOrder = [
      member('starting', { phase: 'starting' }),
      member('stale', { revision: 'old' }),
      member('newest', { createdAtMs: 9 }),
      member('a-old'),
      member('b-old'),
    ];
    const plan = decide(
      pool({
        capacitySpec: capacity(0, 0, 0, 20),
        scaleStrategy: { maxUnavailable: '100%' },
        backOffUntilMs: NOW + 1,
        members: [member('taken', { allocated: true, createdAtMs: 99 }), ...inOrder.toReversed()],
      }),
      NOW,
    );
    expect(namesOf(plan)).toEqual(inOrder.map(({ name }) => name));
  });
});

describe('A back-off of starts', () => {
  const rolling = pool({
    members: [...members(8, 'old', { revision: 'old' }), member('old-start', { revision: 'old', phase: 'starting' })],
    backOffUntilMs: NOW + 1,
  });

  test('While starts back off nothing is created, and an update removes starting members only', () => {
    expect(decide(rolling, NOW)).toMatchObject({
      create: 0,
      remove: [{ name: 'old-start', because: 'update' }],
    });
  });
  test('A back-off ends at the time that it was set to', () => {
    const { create, remove } = decide(rolling, NOW + 1);
    expect({ create, removed: remove.length }).toEqual({ create: 3, removed: 3 });
  });
});

test('The status counts failed members in total and updated, and neither terminating ones nor those to recycle or evict', () => {
  const { observed, updated } = decide(
    pool({
      unmet: 2,
      toRemove: new Set(['requested']),
      members: [
        member('taken', { allocated: true, revision: 'old' }),
        member('ready'),
        member('ready-old', { revision: 'old' }),
        member('starting', { phase: 'starting' }),
        member('failed', { phase: 'failed' }),
        member('requested', { allocated: true }),
        member('leaving', { phase: 'terminating' }),
      ],
    }),
    NOW,
  );
  expect(observed).toEqual({ total: 5, allocated: 1, available: 2, starting: 1, unmet: 2 });
  expect(updated).toBe(3);
});
