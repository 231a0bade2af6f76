// Live reads of members while the API server refuses calls.
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { ClusterConnection } from '../../../src/services/kubernetes/connection/cluster-connection.ts';
import { findCluster } from '../../../src/services/kubernetes/connection/kube-config.ts';
import { PodMembers } from '../../../src/services/kubernetes/members/pod-members.ts';
import { PodPlanner } from '../../../src/services/kubernetes/members/pod-planner.ts';
import type { Pool } from '../../../src/services/pools/pool.ts';
import { capacity } from '../../support/pools.ts';
import { startOverloadedApiServer } from './overloaded-api-server.ts';

const pool: Pool = {
  uid: 'u',
  name: 'agents',
  createdAt: '2026-01-01T00:00:00Z',
  generation: 1,
  resourceVersion: '1',
  specification: { capacitySpec: capacity(), labels: {}, annotations: {} },
};
const PODS = '/api/v1/namespaces/n/pods';

const open = async (...refusals: Parameters<typeof startOverloadedApiServer>[0]) => {
  const { calls, kubeconfigPath } = await startOverloadedApiServer(refusals);
  const connection = new ClusterConnection(findCluster({ kubeconfigPaths: [kubeconfigPath] }).kubeConfig);
  onTestFinished(() => connection.close());
  const members = new PodMembers(connection, 'n');
  return { members, callsOf: (path: string) => calls.filter((call) => call.path === path) };
};

test('A read that is refused with 429 is repeated after the pause that Retry-After asks for', async () => {
  const { members, callsOf } = await open({ status: 429, retryAfter: '1' });
  expect(await members.list(pool)).toEqual([]);
  const [first, second, ...more] = callsOf(PODS);
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(990);
  expect(more).toEqual([]);
});

test('A read that is refused with 503 without Retry-After is repeated after a short pause', async () => {
  const { members, callsOf } = await open({ status: 503 }, { status: 503 });
  expect(await members.list(pool)).toEqual([]);
  expect(callsOf(PODS)).toHaveLength(3);
});

test('A read that stays refused for longer than its deadline passes Retry-After on at once', async () => {
  const { members, callsOf } = await open({ status: 429, retryAfter: '7' });
  const rejected = members.list(pool);
  await expect(rejected).rejects.toMatchObject({ code: 'KUBERNETES::THROTTLED', retryAfterSeconds: 7 });
  expect(callsOf(PODS)).toHaveLength(1);
});

test('A read that fails in another way is not repeated', async () => {
  const { members, callsOf } = await open({ status: 500 }, { status: 500 });
  await expect(members.list(pool)).rejects.toMatchObject({ code: 'KUBERNETES::POOL_API_ERROR' });
  expect(callsOf(PODS)).toHaveLength(1);
});

test('A forecast repeats its read of the members', async () => {
  const { members, callsOf } = await open({ status: 503, retryAfter: '1' });
  const plan = await new PodPlanner(members, systemClock).plan({ before: pool });
  expect(plan.reasons).toContainEqual(expect.objectContaining({ code: 'FORECAST' }));
  expect(callsOf(PODS)).toHaveLength(2);
});
