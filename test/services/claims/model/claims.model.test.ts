// Whatever clients, operators and accidents do in whatever order: the record agrees with what clients have seen.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { droppedOrders, deafDriver, doubleBind, forgottenClaims, lostEnd, unfairKey } from './planted-faults.ts';
import { World, type Action, type Step } from './world.ts';

/** Number of runs; each takes about a quarter of a second. */
const RUNS = Number(process.env.MODEL_RUNS ?? 40);

const pool = fc.constantFrom('a' as const, 'b' as const);
const index = fc.nat(5);
const type = fc.constantFrom('Delete' as const, 'Restart' as const, 'Noop' as const);

const claim = fc.record({
  kind: fc.constant('claim' as const),
  pool,
  body: fc.record({ waitSeconds: fc.constantFrom(0, 3, 20), ttlSeconds: fc.constantFrom(2, 15, 60) }),
  hangsUp: fc.constantFrom(false, false, false, true),
});
const keyedClaim = fc
  .record({ key: fc.constantFrom('k', 'l'), waitSeconds: fc.constantFrom(0, 20), hangsUp: fc.boolean() })
  .map(({ key, waitSeconds, hangsUp }) => {
    const body = { waitSeconds, ttlSeconds: 15 };
    return { kind: 'claim' as const, pool: key === 'k' ? ('a' as const) : ('b' as const), key, body, hangsUp };
  });

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: claim },
  { weight: 3, arbitrary: keyedClaim },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('release' as const), index }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 100, max: 9_000 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('fail' as const, 'vanish' as const), index }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('renew' as const), index, ttlSeconds: fc.constantFrom(1, 60) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('evict' as const), index, isForced: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('capacity' as const),
      pool,
      bufferMin: fc.nat(3),
      poolMax: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('template' as const), pool, image: fc.constantFrom('x', 'y') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('strategy' as const), pool, type }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('create' as const), pool, type }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), pool, isForced: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('breakStore' as const), commits: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'kill' as const }) },
);

const step = fc.record({ action, microtasks: fc.nat(12), turns: fc.nat(2), settles: fc.boolean() });

const settled = (...actions: Action[]): Step[] =>
  actions.map((it) => ({ action: it, microtasks: 0, turns: 0, settles: true }));

const ready = (strategy: 'Delete' | 'Restart' | 'Noop'): Step[] =>
  settled({ kind: 'create', pool: 'a', type: strategy }, { kind: 'advance', ms: 5_000 });

const claimOf: Action = { kind: 'claim', pool: 'a', body: { ttlSeconds: 60, waitSeconds: 20 } };

describe('Claims under random interleavings, failures of the store, and crashes', () => {
  test('No member is held twice, no claim is lost or revived, and every pool settles at its size', async () => {
    const run = fc.asyncProperty(type, fc.array(step, { minLength: 5, maxLength: 40 }), async (ofA, steps) => {
      const world = await World.open();
      await world.run([...ready(ofA), ...settled({ kind: 'create', pool: 'b', type: 'Delete' }), ...steps]);
      await world.end();
      expect(world.history.problems).toEqual([]);
    });
    await fc.assert(run, { numRuns: RUNS, ...(process.env.MODEL_SEED && { seed: Number(process.env.MODEL_SEED) }) });
  }, 600_000);
});

describe('The checker of the property', () => {
  test.each([
    ['a member that is bound twice', doubleBind, [claimOf, claimOf], /is held by/],
    ['an end that is not stored', lostEnd, [claimOf, { kind: 'release', index: 0 }], /was released and is bound/],
    [
      'a claim that is not stored',
      forgottenClaims,
      [claimOf, { kind: 'kill' }, { kind: 'advance', ms: 1 }],
      /is not in the record/,
    ],
    [
      'a dirty member that is handed out',
      droppedOrders,
      [claimOf, { kind: 'release', index: 0 }, { kind: 'kill' }, claimOf, claimOf],
      /was handed out to .* as it was/,
    ],
    [
      'an order that is not carried out',
      deafDriver,
      [claimOf, { kind: 'release', index: 0 }],
      /has waited too long to be recycled/,
    ],
    [
      'a key that creates two claims',
      unfairKey,
      [
        { ...claimOf, key: 'k' },
        { ...claimOf, key: 'k' },
      ],
      /Key k created/,
    ],
  ] satisfies [string, () => Parameters<typeof World.open>[0], Action[], RegExp][])(
    'The checker finds %s',
    async (_, plant, actions, problem) => {
      const world = await World.open(plant());
      await world.run([...ready('Delete'), ...settled({ kind: 'advance', ms: 1_000 }, ...actions)]);
      await world.end();
      expect(world.history.problems.join('\n')).toMatch(problem);
    },
  );

  test('The checker finds nothing when nothing is wrong', async () => {
    const world = await World.open();
    await world.run([
      ...ready('Delete'),
      ...settled(claimOf, { kind: 'release', index: 0 }, { kind: 'kill' }, claimOf),
    ]);
    await world.end();
    expect(world.history.problems).toEqual([]);
  });
});
