// Pools as the stream tells them.
import type { Condition } from '../../../src/contract/conditions.ts';
import type { PoolResponse } from '../../../src/contract/pool.ts';

export const READY: Condition = {
  type: 'Ready',
  status: 'True',
  reason: 'BufferMet',
  message: '2 members are available; bufferMin is 2.',
};
export const EXHAUSTED: Condition = { ...READY, status: 'False', reason: 'Exhausted' };
export const BUFFER_LOW: Condition = { ...READY, status: 'False', reason: 'BufferLow' };
export const AT_POOL_MAX: Condition = {
  type: 'ScalingLimited',
  status: 'True',
  reason: 'PoolMax',
  message: 'The desired size is greater than poolMax 4.',
};
export const DEGRADED: Condition = {
  type: 'Degraded',
  status: 'True',
  reason: 'StartFailing',
  message: 'Starts keep failing: next try at 2026-11-26T12:06:41Z. Last error: manifest unknown.',
};

export const poolWith = (
  name: string,
  conditions: readonly Condition[],
  rest: Partial<PoolResponse> = {},
): PoolResponse => ({
  name,
  uid: `uid-${name}`,
  etag: '"1"',
  generation: 2,
  resourceVersion: '1',
  capacitySpec: { bufferMin: 2, bufferMax: 4, poolMin: 0, poolMax: 4 },
  status: { total: 3, allocated: 1, available: 2, revision: 'r1', updated: 2, conditions: [...conditions] },
  ...rest,
});
