// What is true for every input of the scaling rule.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxUnavailableOf } from '../../../src/services/planning/max-unavailable.ts';
import type { ObservedMember, ObservedPool } from '../../../src/services/planning/observed-pool.ts';
import { decide, type Plan } from '../../../src/services/planning/decide.ts';
import { explain, reasonCodes } from '../../../src/services/planning/explain.ts';
import { afterAWhile, applyPlan, NOW } from './pools.ts';

const RUNS = { numRuns: 3000 };
const PASSES = 100;

const small = fc.nat({ max: 9 });
const strategy = fc.option(
  fc.record({ maxUnavailable: fc.constantFrom(undefined, 0, 1, 2, 5, -3, '0%', '25%', '50%', '100%', '250%', 'odd') }),
  { nil: undefined },
);

const anyMember = fc.record({
  revision: fc.constantFrom('old', 'new'),
  isStuck: fc.boolean(),
  phase: fc.constantFrom('starting', 'starting', 'ready', 'ready', 'ready', 'failed', 'terminating'),
  allocated: fc.boolean(),
  createdAtMs: small,
  readyAtMs: fc.option(small, { nil: undefined }),
  restarts: fc.nat({ max: 2 }),
  isToRemove: fc.nat({ max: 5 }).map((roll) => roll === 0),
});

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
/** Of scheduled members; a claim suspends readiness, so allocated ones are never starting. */
const startingIn = (members: readonly ObservedMember[]) =>
  members.filter(({ phase, allocated }) => phase === 'starting' && !allocated).length;
const readyIn = (members: readonly ObservedMember[]) => members.length - startingIn(members);
/** The scheduled members that a plan leaves. */
const leftBy = ({ remove }: Plan, pool: ObservedPool) => {
  const isRemoved = isIn(namesOf(remove));
  return scheduled(pool).filter((member) => !isRemoved(member));
};
const allocatedIn = (members: readonly ObservedMember[]) => members.filter(({ allocated }) => allocated).length;
const bufferOf = (pool: ObservedPool) => {
  const members = scheduled(pool);
  return members.length - allocatedIn(members) - pool.unmet;
};
const namesOf = (remove: Plan['remove']) => remove.map(({ name }) => name);
const doesNothing = ({ create, remove }: Plan) => create === 0 && remove.length === 0;

/** Plans and carries out until nothing is left to do and every member is ready. Undefined when that never happens. */
const atRest = (start: ObservedPool): ObservedPool | undefined => {
  let pool = start;
  for (let pass = 0; pass < PASSES; pass += 1) {
    const plan = decide(pool, NOW);
    if (doesNothing(plan) && pool.members.every(({ phase }) => phase === 'ready')) return pool;
    pool = applyPlan(afterAWhile(pool, pass), plan, pass);
  }
  return undefined;
};

const holds = (arbitrary: fc.Arbitrary<ObservedPool>, property: (pool: ObservedPool) => void) => {
  fc.assert(fc.property(arbitrary, property), RUNS);
};

describe('Every pool', () => {
  test('A plan never raises the number of members above poolMax and the stuck ones that are left out, or above what it was', () => {
    holds(anyPool, (pool) => {
      const { create } = decide(pool, NOW);
      const { poolMax } = pool.capacitySpec;
      const stuck = pool.members.filter(({ phase, isStuck }) => phase === 'terminating' && isStuck).length;
      const leftOut = Math.min(stuck, Math.max(1, Math.ceil(poolMax / 4)));
      expect(pool.members.length + create).toBeLessThanOrEqual(Math.max(poolMax + leftOut, pool.members.length));
    });
  });

  test('A plan removes an allocated member only if it failed or is to be recycled or evicted', () => {
    holds(anyPool, (pool) => {
      const taken = pool.members.filter(isIn(namesOf(decide(pool, NOW).remove))).filter(({ allocated }) => allocated);
      for (const { phase, name } of taken) expect(phase === 'failed' || pool.toRemove.has(name)).toBe(true);
    });
  });

  test('A plan removes every failed and requested member, no terminating one, and none twice', () => {
    holds(anyPool, (pool) => {
      const remove = namesOf(decide(pool, NOW).remove);
      expect(new Set(remove).size).toBe(remove.length);
      for (const { phase, name } of pool.members) {
        if (phase === 'terminating') expect(remove).not.toContain(name);
        else if (phase === 'failed' || pool.toRemove.has(name)) expect(remove).toContain(name);
      }
    });
  });

  test('Creation never raises the number of starting members above maxUnavailable of the desired size', () => {
    holds(anyPool, (pool) => {
      const plan = decide(pool, NOW);
      const left = startingIn(leftBy(plan, pool));
      const limit = maxUnavailableOf(pool.scaleStrategy, plan.desired);
      expect(left + plan.create).toBeLessThanOrEqual(Math.max(limit, left));
    });
  });

  test('A plan keeps as many ready members as the desired size minus what the update strategy allows', () => {
    holds(anyPool, (pool) => {
      const plan = decide(pool, NOW);
      const members = scheduled(pool);
      const level = Math.min(plan.desired, pool.capacitySpec.poolMax);
      const buffer = Math.max(level - allocatedIn(members) - pool.unmet, 0);
      const floor = level - maxUnavailableOf(pool.updateStrategy, buffer);
      expect(readyIn(leftBy(plan, pool))).toBeGreaterThanOrEqual(Math.min(readyIn(members), floor));
    });
  });

  test('While starts back off nothing is created, and no ready member below the desired size is removed', () => {
    holds(anyPool, (drawn) => {
      const pool = { ...drawn, backOffUntilMs: NOW + 1 };
      const plan = decide(pool, NOW);
      const before = readyIn(scheduled(pool));
      expect(plan.create).toBe(0);
      expect(readyIn(leftBy(plan, pool))).toBeGreaterThanOrEqual(Math.min(before, plan.desired));
    });
  });

  test('The plan does not depend on the order in which members are listed', () => {
    const shuffled = anyPool.chain((pool) =>
      fc.tuple(
        fc.constant(pool),
        fc.shuffledSubarray([...pool.members], { minLength: pool.members.length, maxLength: pool.members.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([pool, members]) => {
        expect(decide({ ...pool, members }, NOW)).toEqual(decide(pool, NOW));
      }),
      RUNS,
    );
  });

  test('The size in the sentence is the sum of its parts, unless poolMin raises it', () => {
    holds(anyPool, (pool) => {
      const plan = decide(pool, NOW);
      const parts =
        /^Wants (\d+): (?:(\d+) allocated, )?(?:(\d+) waiting, )?buffer (\d+) \(.+?\)(?:, raised to poolMin (\d+))?\./;
      const numbers = Array.from(parts.exec(explain(plan).sentence) ?? [], (text?: string) => Number(text ?? 0));
      const [, size, allocated, waiting, buffer, poolMin] = numbers;
      const sum = Number(allocated) + Number(waiting) + Number(buffer);
      expect(size).toBe(plan.desired);
      expect(size).toBe(poolMin === 0 ? sum : poolMin);
      if (poolMin !== 0) expect(poolMin).toBeGreaterThan(sum);
    });
  });

  test('Every plan has a reason, and one that does nothing says why', () => {
    holds(anyPool, (pool) => {
      const plan = decide(pool, NOW);
      const { reasons, sentence } = explain(plan);
      const codes = reasons.map(({ code }) => code);
      expect(codes).toEqual(reasonCodes(plan));
      const isExplained = ['AtRest', 'BackingOff', 'PoolMax', 'WaitingForStarts'].some((code) =>
        codes.some((known) => known === code),
      );
      if (doesNothing(plan)) expect(isExplained).toBe(true);
      else expect(codes).not.toContain('AtRest');
      expect(sentence.startsWith(reasons[0]?.message ?? '?')).toBe(true);
      if (plan.limit) expect(sentence.endsWith(` ${reasons.at(-1)?.message}`)).toBe(true);
      expect(sentence).not.toContain('Waiting for 0');
    });
  });
});

describe('Every pool whose members become ready', () => {
  test('Repeated planning settles with the buffer within its bounds and no idle stale member', () => {
    holds(healthyPool, (start) => {
      const pool = atRest(start);
      if (pool === undefined) throw new Error(`not at rest after ${PASSES} passes`);
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

  test('A pool at rest plans nothing, with the reason AtRest or PoolMax', () => {
    holds(healthyPool, (start) => {
      const pool = atRest(start);
      if (pool === undefined) throw new Error(`not at rest after ${PASSES} passes`);
      expect(reasonCodes(decide(pool, NOW)).at(-1)).toMatch(/^(AtRest|PoolMax)$/);
    });
  });

  test('A pool whose buffer is within its bounds is at rest from the first pass', () => {
    const settled = healthyPool.map((pool): ObservedPool => {
      const members = pool.members.map((member) => ({ ...member, phase: 'ready' as const, revision: 'new' }));
      const unmet = Math.min(pool.unmet, members.length - allocatedIn(members));
      const calm = { ...pool, members, unmet, toRemove: new Set<string>() };
      const buffer = bufferOf(calm);
      const band = { bufferMin: Math.max(0, buffer - 1), bufferMax: buffer + 1, poolMin: members.length };
      return { ...calm, capacitySpec: { ...pool.capacitySpec, ...band } };
    });
    holds(settled, (pool) => {
      expect(doesNothing(decide(pool, NOW))).toBe(true);
    });
  });
});
