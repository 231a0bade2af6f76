// A cluster of mode `kwok`: the controllers of Kubernetes run, and pods become Ready without running.
import { beforeAll, expect, inject, test } from 'vitest';
import { poolNamed } from '../../support/pools.ts';
import type { PoolResponse } from '../../../src/contract/pool.ts';
import { ClusterAccess } from '../kit/cluster-access.ts';
import { writesSince } from '../kit/count-writes.ts';
import { startServerOn } from '../kit/server-on-cluster.ts';

type Pod = { metadata: { name: string }; status: { phase?: string; podIP?: string } };

const access = new ClusterAccess(inject('cluster'));
const POLL = { timeout: 30_000, interval: 100 };

let namespace: string;
beforeAll(async () => {
  namespace = await access.createNamespace();
});

const podNamed = (name: string, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec: { containers: [{ name: 'sandbox', image: 'busybox:1' }] },
});

const pods = async (of = namespace): Promise<Pod[]> => {
  const { items } = JSON.parse(await access.kubectl('get', 'pods', '-n', of, '-o', 'json')) as { items: Pod[] };
  return items;
};

test('50 pods become Ready with an address each, their writes are counted, and a deleted one vanishes', async () => {
  const before = await access.countWrites();
  const items = Array.from({ length: 50 }, (_, index) => podNamed(`pod-${index}`));
  await access.kubectl('create', '-n', namespace, '-f', access.file({ apiVersion: 'v1', kind: 'List', items }));
  await access.kubectl('wait', '--for=condition=Ready', 'pods', '--all', '-n', namespace, '--timeout=30s');
  expect(new Set((await pods()).map(({ status }) => status.podIP)).size).toBe(50);
  expect(writesSince(before, await access.countWrites(), 'pods')).toEqual({
    'POST pods': 50,
    'POST pods/binding': 50,
    'PATCH pods/status': 50,
  });

  await access.kubectl('delete', 'pod', 'pod-7', '-n', namespace, '--wait=false');
  await expect.poll(async () => (await pods()).map(({ metadata }) => metadata.name), POLL).not.toContain('pod-7');
  expect(await pods()).toHaveLength(49);
});

test('A pod is garbage-collected when the pool that owns it is deleted', async () => {
  const { call, namespace: own } = await startServerOn(access);
  const pool = (await call('POST', '/pools', { json: poolNamed('agents') })).body as PoolResponse;
  const apiVersion = 'sandbox.opensandbox.io/v1alpha1';
  const owner = { apiVersion, kind: 'Pool', name: pool.name, uid: pool.uid, controller: true };
  await access.apply(podNamed('agents-1', { ownerReferences: [owner] }), '-n', own);
  await expect.poll(async () => (await pods(own))[0]?.status.phase, POLL).toBe('Running');
  expect((await call('DELETE', '/pools/agents')).status).toBe(204);
  await expect.poll(() => pods(own), { ...POLL, timeout: 60_000 }).toEqual([]);
});
