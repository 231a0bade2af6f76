// Pools, members and decisions as the dashboard receives them.
import type { Condition } from '../../../src/contract/conditions.ts';
import type { Decision, PoolPlan, ReasonCode } from '../../../src/contract/decision.ts';
import type { Member } from '../../../src/contract/member.ts';
import type { PoolResponse } from '../../../src/contract/pool.ts';

export const CAPACITY = { bufferMin: 8, bufferMax: 16, poolMin: 8, poolMax: 40 };

export const aPool = (given: Partial<PoolResponse> = {}): PoolResponse => ({
  name: 'agents',
  uid: 'baa5bd6c-d3d6-47fc-8dd4-5c842874b81c',
  etag: '"1"',
  generation: 1,
  resourceVersion: '1',
  capacitySpec: CAPACITY,
  ...given,
});

type Fact = Pick<Condition, 'type' | 'status' | 'reason'>;

export const aPoolWith = (...facts: readonly Fact[]): PoolResponse =>
  aPool({
    status: {
      total: 40,
      allocated: 40,
      available: 0,
      revision: '9b1f4e',
      conditions: facts.map((fact) => ({ ...fact, message: '' })),
    },
  });

export const aPlan = (desired: number, ...codes: readonly ReasonCode[]): PoolPlan => ({
  desired,
  create: 0,
  remove: [],
  reasons: codes.map((code) => ({ code, message: '' })),
  sentence: '',
});

export const aMember = (given: Partial<Member>): Member => ({
  name: 'agents-1',
  pool: 'agents',
  phase: 'ready',
  allocated: false,
  revision: '9b1f4e',
  stale: false,
  createdAt: '2026-11-24T12:00:00.000Z',
  restarts: 0,
  ...given,
});

/** `second`: after 12:00:00. */
export const aDecision = (second: number, given: Partial<Decision> = {}): Decision => ({
  id: String(second),
  pool: 'agents',
  at: new Date(Date.UTC(2026, 10, 24, 12, 0, second)).toISOString(),
  generation: 1,
  ...aPlan(1),
  observed: { total: 0, allocated: 0, available: 0, starting: 0, unmet: 0 },
  create: 1,
  ...given,
});
