// What holds for every input of the scaling rule.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxUnavailable } from '../../../src/services/planning/max-unavailable.ts';
import type { ObservedMember, ObservedPool } from '../../../src/services/planning/observed-pool.ts';
import { planPool, type Plan } from '../../../src/services/planning/plan.ts';
import { NOW } from './pools.ts';

const RUNS = { numRuns: 3000 };
const PASSES = 100;

const small = fc.nat({ max: 9 });
const strategy = fc.option(
  fc.record({ maxUnavailable: fc.constantFrom(undefined, 0, 1, 2, 5, -3, '0%', '25%', '50%', '100%', '250%', 'odd') }),
  { nil: undefined },
);

const anyMember = fc
  .record({
    revision: fc.constantFrom('old', 'new'),
    phase: fc.constantFrom('starting', 'starting', 'ready', 'ready', 'ready', 'failed', 'terminating'),
    isClaimed: fc.boolean(),
    createdAtMs: small,
    readyAtMs: fc.option(small, { nil: undefined }),
    restarts: fc.nat({ max: 2 }),
    isToRemove: fc.nat({ max: 5 }).map((roll) => roll === 0),
  })
  // A member that is starting is not allocated.
  .map(({ isClaimed, ...traits }) => ({ ...traits, allocated: isClaimed && traits.phase !== 'starting' }));

const anyPool: fc.Arbitrary<ObservedPool> = fc
  .record({
    capacitySpec: fc.record({ bufferMin: small, bufferMax: small, poolMin: small, poolMax: fc.nat({ max: 15 }) }),
    scaleStrategy: strategy,
    updateStrategy: strategy,
    drawn: fc.array(anyMember, { maxLength: 12 }),
    unmet: fc.nat({ max: 4 }),
    backOffUntilMs: fc.constantFrom(undefined, undefined, NOW, NOW + 1),
  })
  .map(({ drawn, ...traits }) => {
    const named = drawn.map((traitsOfOne, index) => ({ ...traitsOfOne, name: `m-${index}` }));
    return {
      ...traits,
      revision: 'new',
      members: named.map(({ isToRemove: _, ...observed }) => observed),
      toRemove: new Set(['no-such-member', ...named.filter(({ isToRemove }) => isToRemove).map(({ name }) => name)]),
    };
  });

const healthyPool = anyPool.map((pool): ObservedPool => ({ ...pool, backOffUntilMs: undefined }));

const isIn = (names: Iterable<string>) => {
  const known = new Set(names);
  return ({ name }: ObservedMember) => known.has(name);
};
const scheduled = ({ members, toRemove }: ObservedPool) =>
  members.filter(({ phase, name }) => (phase === 'starting' || phase === 'ready') && !toRemove.has(name));
const count = (members: readonly ObservedMember[], phase: ObservedMember['phase']) =>
  members.filter((member) => member.phase === phase).length;
const allocatedIn = (members: readonly ObservedMember[]) => members.filter(({ allocated }) => allocated).length;
const bufferOf = (pool: ObservedPool) => {
  const members = scheduled(pool);
  return members.length - allocatedIn(members) - pool.unmet;
};
const doesNothing = ({ create, remove }: Plan) => create === 0 && remove.length === 0;

/** The pool after a step: removed members are gone, what was starting is ready, and created members are starting. */
const after = (pool: ObservedPool, plan: Plan, pass: number): ObservedPool => {
  const isRemoved = isIn(plan.remove);
  const stayed = pool.members
    .filter((member) => member.phase !== 'terminating' && !isRemoved(member))
    .map((member) => (member.phase === 'starting' ? { ...member, phase: 'ready' as const, readyAtMs: pass } : member));
  const created = Array.from({ length: plan.create }, (_, index) => ({
    name: `pass-${pass}-${index}`,
    revision: pool.revision,
    phase: 'starting' as const,
    allocated: false,
    createdAtMs: pass,
    restarts: 0,
  }));
  return { ...pool, members: [...stayed, ...created] };
};

/** Plans and carries out until nothing is left to do and nothing is on its way. Undefined when that does not come. */
const settle = (start: ObservedPool): ObservedPool | undefined => {
  let pool = start;
  for (let pass = 0; pass < PASSES; pass += 1) {
    const plan = planPool(pool, NOW);
    if (doesNothing(plan) && pool.members.every(({ phase }) => phase === 'ready')) return pool;
    pool = after(pool, plan, pass);
  }
  return undefined;
};

const holds = (arbitrary: fc.Arbitrary<ObservedPool>, property: (pool: ObservedPool) => void) => {
  fc.assert(fc.property(arbitrary, property), RUNS);
};

describe('for every pool', () => {
  test('a plan never makes the members more than poolMax, or than there were', () => {
    holds(anyPool, (pool) => {
      const { create } = planPool(pool, NOW);
      expect(pool.members.length + create).toBeLessThanOrEqual(
        Math.max(pool.capacitySpec.poolMax, pool.members.length),
      );
    });
  });

  test('an allocated member goes only when it failed or is to be removed', () => {
    holds(anyPool, (pool) => {
      const taken = pool.members.filter(isIn(planPool(pool, NOW).remove)).filter(({ allocated }) => allocated);
      for (const { phase, name } of taken) expect(phase === 'failed' || pool.toRemove.has(name)).toBe(true);
    });
  });

  test('exactly the failed and requested members go at once, terminating ones never, and none twice', () => {
    holds(anyPool, (pool) => {
      const { remove } = planPool(pool, NOW);
      expect(new Set(remove).size).toBe(remove.length);
      for (const { phase, name } of pool.members) {
        if (phase === 'terminating') expect(remove).not.toContain(name);
        else if (phase === 'failed' || pool.toRemove.has(name)) expect(remove).toContain(name);
      }
    });
  });

  test('creation never makes the starting members more than maxUnavailable of the desired size', () => {
    holds(anyPool, (pool) => {
      const { create, desired, remove } = planPool(pool, NOW);
      const isRemoved = isIn(remove);
      const left = count(
        scheduled(pool).filter((member) => !isRemoved(member)),
        'starting',
      );
      expect(left + create).toBeLessThanOrEqual(Math.max(maxUnavailable(pool.scaleStrategy, desired), left));
    });
  });

  test('a plan never takes the ready members below the wanted size minus what the update strategy allows', () => {
    holds(anyPool, (pool) => {
      const { desired, remove } = planPool(pool, NOW);
      const members = scheduled(pool);
      const wanted = Math.min(desired, pool.capacitySpec.poolMax);
      const ofBuffer = Math.max(wanted - allocatedIn(members) - pool.unmet, 0);
      const floor = wanted - maxUnavailable(pool.updateStrategy, ofBuffer);
      const isRemoved = isIn(remove);
      const before = count(members, 'ready');
      const left = count(
        members.filter((member) => !isRemoved(member)),
        'ready',
      );
      expect(left).toBeGreaterThanOrEqual(Math.min(before, floor));
    });
  });

  test('while starts back off nothing is created, and no ready member below the wanted size goes', () => {
    holds(anyPool, (drawn) => {
      const pool = { ...drawn, backOffUntilMs: NOW + 1 };
      const { create, desired, remove } = planPool(pool, NOW);
      const members = scheduled(pool);
      const isRemoved = isIn(remove);
      const left = count(
        members.filter((member) => !isRemoved(member)),
        'ready',
      );
      expect(create).toBe(0);
      expect(left).toBeGreaterThanOrEqual(Math.min(count(members, 'ready'), desired));
    });
  });

  test('the plan is the same in whatever order members are listed', () => {
    const shuffled = anyPool.chain((pool) =>
      fc.tuple(
        fc.constant(pool),
        fc.shuffledSubarray([...pool.members], { minLength: pool.members.length, maxLength: pool.members.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([pool, members]) => {
        expect(planPool({ ...pool, members }, NOW)).toEqual(planPool(pool, NOW));
      }),
      RUNS,
    );
  });

  test('every plan has a reason, and one that does nothing says why', () => {
    holds(anyPool, (pool) => {
      const plan = planPool(pool, NOW);
      expect(plan.reasons.length).toBeGreaterThan(0);
      const codes = plan.reasons.map(({ code }) => code);
      const isExplained = ['AtRest', 'BackingOff', 'PoolMax', 'WaitingForStarts'].some((code) =>
        codes.some((known) => known === code),
      );
      if (doesNothing(plan)) expect(isExplained).toBe(true);
      else expect(codes).not.toContain('AtRest');
      for (const { message } of plan.reasons) expect(plan.sentence).toContain(message);
      expect(plan.sentence).not.toContain('Waiting for 0');
    });
  });
});

describe('for every pool whose members become ready', () => {
  test('repeated planning comes to rest in the band, with no idle stale member', () => {
    holds(healthyPool, (start) => {
      const pool = settle(start);
      if (pool === undefined) throw new Error(`no rest after ${PASSES} passes`);
      const { bufferMin, bufferMax, poolMin, poolMax } = pool.capacitySpec;
      const buffer = bufferOf(pool);
      if (pool.members.length < poolMax) {
        expect(buffer).toBeGreaterThanOrEqual(Math.min(bufferMin, bufferMax));
        expect(pool.members.length).toBeGreaterThanOrEqual(poolMin);
      }
      if (pool.members.length > poolMin) expect(buffer).toBeLessThanOrEqual(bufferMax);
      expect(pool.members.filter(({ revision, allocated }) => revision !== pool.revision && !allocated)).toEqual([]);
    });
  });

  test('a pool at rest plans nothing, and says that it rests or that poolMax holds it', () => {
    holds(healthyPool, (start) => {
      const pool = settle(start);
      if (pool === undefined) throw new Error(`no rest after ${PASSES} passes`);
      const { reasons } = planPool(pool, NOW);
      expect(reasons.at(-1)?.code).toMatch(/^(AtRest|PoolMax)$/);
    });
  });

  test('a pool inside its band is at rest from the first pass', () => {
    const settled = healthyPool.map((pool): ObservedPool => {
      const members = pool.members.map((member) => ({ ...member, phase: 'ready' as const, revision: 'new' }));
      const unmet = Math.min(pool.unmet, members.length - allocatedIn(members));
      const calm = { ...pool, members, unmet, toRemove: new Set<string>() };
      const buffer = bufferOf(calm);
      const band = { bufferMin: Math.max(0, buffer - 1), bufferMax: buffer + 1, poolMin: members.length };
      return { ...calm, capacitySpec: { ...pool.capacitySpec, ...band } };
    });
    holds(settled, (pool) => {
      expect(doesNothing(planPool(pool, NOW))).toBe(true);
    });
  });
});
