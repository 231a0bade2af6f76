// Warmpool's own controller next to a writer that behaves like OpenSandbox's.
import { expect, inject, onTestFinished, test } from 'vitest';
import type { Claim } from '../../../src/contract/claim.ts';
import type { Condition } from '../../../src/contract/conditions.ts';
import type { PoolResponse } from '../../../src/contract/pool.ts';
import { capacity, poolNamed } from '../../support/pools.ts';
import type { TestServer } from '../../support/test-server.ts';
import { ClusterAccess } from '../kit/cluster-access.ts';
import { createPod, READY } from '../kit/pods.ts';
import { startServerOn } from '../kit/server-on-cluster.ts';
import { startStatusWriter } from '../kit/status-writer.ts';

const access = new ClusterAccess(inject('cluster'));
const POOL_LABEL = 'sandbox.opensandbox.io/pool-name';
const template = { spec: { containers: [{ name: 'sandbox', image: 'busybox:1' }] } };

type PodList = {
  items: { metadata: { name: string; annotations?: Record<string, string>; deletionTimestamp?: string } }[];
};

const start = () => startServerOn(access, { user: 'admin', controller: 'warmpool' });

const members = async (namespace: string): Promise<string[]> => {
  const { items } = JSON.parse(await access.kubectl('get', 'pods', '-n', namespace, '-o', 'json')) as PodList;
  return items
    .filter(({ metadata }) => metadata.annotations?.['warmpool.dev/pool-uid'])
    .map(({ metadata }) => metadata.name);
};

const conditionOf = async (call: TestServer['call'], type: Condition['type'], pool = 'agents') => {
  const { status } = (await call('GET', `/pools/${pool}`)).body as PoolResponse;
  return status?.conditions?.find((condition) => condition.type === type);
};

/** A pool of two members that are ready. */
const readyPool = async (call: TestServer['call'], namespace: string): Promise<PoolResponse> => {
  const strategy = { maxUnavailable: '100%' };
  const json = poolNamed('agents', { template, capacitySpec: capacity(2, 2), scaleStrategy: strategy });
  const { body } = await call('POST', '/pools', { json });
  await expect.poll(() => members(namespace), { timeout: 20_000 }).toHaveLength(2);
  for (const name of await members(namespace)) await access.patchStatus(namespace, 'pod', name, READY);
  await expect.poll(async () => (await conditionOf(call, 'Ready'))?.reason, { timeout: 10_000 }).toBe('BufferMet');
  return body as PoolResponse;
};

test('A pod of another controller stops everything within 2 s, and says so in the condition, in claims and as one Event', async () => {
  const { call, namespace } = await start();
  const pool = await readyPool(call, namespace);
  const claim = (await call('POST', '/v1/pools/agents/claims')).body as Claim;
  expect(claim.state).toBe('bound');
  await expect.poll(() => members(namespace), { timeout: 10_000 }).toHaveLength(3);
  const before = await members(namespace);

  await createPod(access, namespace, 'agents-foreign', pool);
  await expect
    .poll(async () => (await call('POST', '/v1/pools/agents/claims')).body, { timeout: 2_000 })
    .toMatchObject({ code: 'POOL::CONTESTED' });
  const refused = await call('POST', '/v1/pools/agents/claims');
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(290);
  await expect
    .poll(() => conditionOf(call, 'Degraded'), { timeout: 5_000 })
    .toMatchObject({
      status: 'True',
      reason: 'ForeignController',
      message: expect.stringContaining('Stop the other controller') as string,
    });

  // The claim ends, its pod is kept, and the pool does not grow.
  expect((await call('POST', `/v1/claims/${claim.id}/renew`)).status).toBe(200);
  expect((await call('DELETE', `/v1/claims/${claim.id}`)).status).toBe(204);
  expect((await call('GET', `/v1/claims/${claim.id}`)).body).toMatchObject({ state: 'released' });
  await call('PATCH', '/pools/agents', { json: { capacitySpec: capacity(6, 6) } });
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect((await members(namespace)).sort()).toEqual(before.sort());
  const events = () =>
    access.kubectl('get', 'events', '-n', namespace, '-o', 'jsonpath={.items[?(@.reason=="Contested")].type}');
  await expect.poll(events, { timeout: 5_000 }).toBe('Warning');
});

test('A controller that writes the status of a pool again and again makes it contested', async () => {
  const { call, namespace } = await start();
  await readyPool(call, namespace);
  const writer = startStatusWriter(access, namespace, 'agents', 400);
  onTestFinished(async () => {
    await writer.stop();
  });
  await expect
    .poll(async () => (await call('POST', '/v1/pools/agents/claims')).body, { timeout: 5_000, interval: 500 })
    .toMatchObject({ code: 'POOL::CONTESTED' });
});

test('A pool that is handed over with 20 old pods is unmanaged before, and afterwards managed and not contested', async () => {
  const { call, namespace } = await start();
  const kind = { apiVersion: 'sandbox.opensandbox.io/v1alpha1', kind: 'Pool' };
  const metadata = { name: 'agents' };
  await access.apply({ ...kind, metadata, spec: { capacitySpec: capacity(1, 1), template } }, '-n', namespace);
  await expect.poll(async () => (await call('GET', '/pools/agents')).status).toBe(200);
  const { uid } = (await call('GET', '/pools/agents')).body as PoolResponse;
  const owner = { ...kind, name: 'agents', uid, controller: true };
  const items = Array.from({ length: 20 }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `agents-old-${index}`, labels: { [POOL_LABEL]: 'agents' }, ownerReferences: [owner] },
    spec: template.spec,
  }));
  await access.apply({ apiVersion: 'v1', kind: 'List', items }, '-n', namespace);
  expect(await conditionOf(call, 'Ready')).toMatchObject({
    status: 'Unknown',
    reason: 'NotReconciled',
    message: expect.stringContaining('add the annotation warmpool.dev/controller: warmpool') as string,
  });
  expect((await call('POST', '/v1/pools/agents/claims')).body).toMatchObject({ code: 'POOL::NOT_MANAGED' });
  expect(await members(namespace)).toEqual([]);

  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await access.kubectl('annotate', 'pool', 'agents', '-n', namespace, 'warmpool.dev/controller=warmpool');
  await expect.poll(() => members(namespace), { timeout: 20_000 }).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  const degraded = await conditionOf(call, 'Degraded');
  expect(degraded).toMatchObject({ status: 'True', reason: 'ForeignPods' });
  expect(degraded?.message).toContain('20 pods of this pool');
  const [command = ''] = /kubectl delete .*/.exec(degraded?.message ?? '') ?? [];
  await access.kubectl(...command.replaceAll("'", '').split(' ').slice(1));
  await expect.poll(async () => (await conditionOf(call, 'Degraded'))?.reason, { timeout: 10_000 }).toBe('Healthy');
  expect(await members(namespace)).toHaveLength(1);
});

test('The pods of a pool that is deleted with --cascade=orphan are deleted, and its claims are lost', async () => {
  const { call, namespace } = await start();
  await readyPool(call, namespace);
  const claim = (await call('POST', '/v1/pools/agents/claims')).body as Claim;
  await access.kubectl('delete', 'pool', 'agents', '-n', namespace, '--cascade=orphan');
  await expect
    .poll(async () => (await call('GET', `/v1/claims/${claim.id}`)).body, { timeout: 10_000 })
    .toMatchObject({ state: 'lost', reason: 'PoolDeleted' });
  await expect.poll(() => members(namespace), { timeout: 30_000 }).toEqual([]);
});

test('A pod that a finalizer keeps is reported as stuck only 2 min after its deadline', async () => {
  const { call, namespace } = await start();
  await readyPool(call, namespace);
  const [name = ''] = await members(namespace);
  await access.kubectl(
    'patch',
    'pod',
    name,
    '-n',
    namespace,
    '--type=merge',
    '-p',
    '{"metadata":{"finalizers":["test.dev/hold"]}}',
  );
  await access.kubectl('delete', 'pod', name, '-n', namespace, '--wait=false');
  await expect.poll(() => members(namespace), { timeout: 10_000 }).toHaveLength(3);
  expect(await conditionOf(call, 'Degraded')).toMatchObject({ reason: 'Healthy' });
});
