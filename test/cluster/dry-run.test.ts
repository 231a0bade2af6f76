// Dry runs on a real API server: it checks everything itself and stores nothing; the plan is a forecast.
import { describe, expect, inject, test } from 'vitest';
import type { PoolResponse } from '../../src/contract/pool.ts';
import { capacity, poolNamed, template } from '../support/pools.ts';
import type { Answer } from '../support/test-server.ts';
import { ClusterAccess } from './kit/cluster-access.ts';
import { createPod, READY } from './kit/pods.ts';
import { startServerOn } from './kit/server-on-cluster.ts';

const access = new ClusterAccess(inject('cluster'));

const planOf = ({ body }: Answer) => (body as PoolResponse).plan;
const FORECAST = { code: 'FORECAST', message: expect.stringContaining('another controller decides') as string };

/** A pool with two ready members, as its controller reports them. */
const withMembers = async () => {
  const server = await startServerOn(access);
  const { call, namespace } = server;
  const json = poolNamed('a', { capacitySpec: capacity(2, 2), scaleStrategy: { maxUnavailable: '100%' } });
  const pool = (await call('POST', '/pools', { json })).body as PoolResponse;
  for (const name of ['a-1', 'a-2']) await createPod(access, namespace, name, pool, { status: READY });
  const status = { total: 2, allocated: 0, available: 2, revision: 'r1', updated: 2, observedGeneration: 1 };
  await access.patchStatus(namespace, 'pool', 'a', status);
  await expect.poll(async () => (await call('GET', '/pools/a')).body).toMatchObject({ status: { available: 2 } });
  const stored = () => access.kubectl('get', 'pools', '-n', namespace, '-o', 'json');
  const audited = () => server.log.filter(({ msg }) => msg === 'audit').length;
  return { ...server, stored, audited };
};

test('A dry run of each write returns the pool as it would be and a forecast, and changes nothing in the cluster', async () => {
  const { call, stored, audited } = await withMembers();
  const before = [await stored(), audited()];
  const made = await call('POST', '/pools?dryRun=true', {
    json: poolNamed('b', { capacitySpec: capacity(3, 3) }),
  });
  const json = { capacitySpec: capacity(2, 2), template: template('new:1') };
  const rolledOut = await call('PUT', '/pools/a?dryRun=true', { json });
  const answers = [
    made,
    rolledOut,
    await call('PATCH', '/pools/a?dryRun=true', { json: { capacitySpec: capacity(0, 0), labels: { x: 'y' } } }),
    await call('DELETE', '/pools/a?dryRun=true'),
  ];
  expect(answers.map(({ status, headers }) => [status, headers.get('ETag')])).toEqual(answers.map(() => [200, null]));
  const member = expect.stringMatching(/^a-[12]$/) as string;
  expect(answers.map(({ body }) => body)).toMatchObject([
    { name: 'b', generation: 1, plan: { desired: 3, create: 1, remove: [] } },
    { generation: 2, template: template('new:1'), plan: { desired: 2, create: 1, remove: [member] } },
    { generation: 2, labels: { x: 'y' }, plan: { desired: 0, create: 0, remove: [member, member] } },
    { generation: 1, plan: { desired: 0, create: 0, remove: ['a-1', 'a-2'], reasons: [{ code: 'PoolDeleted' }, {}] } },
  ]);
  expect(answers.map((answer) => planOf(answer)?.reasons.at(-1))).toEqual(answers.map(() => FORECAST));
  expect(planOf(rolledOut)?.reasons).toContainEqual(expect.objectContaining({ code: 'RollingOut' }));
  expect(planOf(made)?.sentence).toMatch(/creating 1\..*may decide otherwise\.$/);
  expect((await call('GET', '/pools/a')).body).toMatchObject({ generation: 1 });
  expect((await call('GET', '/pools/b')).status).toBe(404);
  expect([await stored(), audited()]).toEqual(before);
});

test('A dry run is refused as the write would be, because of versions, allocations and names', async () => {
  const { call, namespace, stored } = await withMembers();
  const other = await startServerOn(access, { namespace });
  await access.patchStatus(namespace, 'pool', 'a', { total: 2, allocated: 1, available: 1, revision: 'r1' });
  await expect.poll(async () => (await call('GET', '/pools/a')).body).toMatchObject({ status: { allocated: 1 } });
  const before = await stored();
  const headers = { 'If-Match': '"x"' };
  for (const server of [{ call }, other]) {
    const refusals = [
      await server.call('POST', '/pools?dryRun=true', { json: poolNamed('a') }),
      await server.call('PATCH', '/pools/a?dryRun=true', { json: { labels: {} }, headers }),
      await server.call('DELETE', '/pools/a?dryRun=true', { headers }),
      await server.call('DELETE', '/pools/a?dryRun=true'),
      await server.call('PATCH', '/pools/none?dryRun=true', { json: {} }),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([409, 412, 412, 409, 404]);
  }
  expect((await call('DELETE', '/pools/a?dryRun=true&force=true')).status).toBe(200);
  expect(await stored()).toBe(before);
});

describe('Rejections by the API server', () => {
  test('A dry run beyond a quota is rejected', async () => {
    const { call, namespace } = await startServerOn(access);
    await access.useUpQuota(namespace, 0);
    const tried = () => call('POST', '/pools?dryRun=true', { json: poolNamed('a') });
    // The API server takes a moment to act on a new quota.
    await expect.poll(tried, { timeout: 10_000 }).toMatchObject({
      status: 422,
      body: { code: 'KUBERNETES::REJECTED' },
      text: expect.stringContaining('quota') as string,
    });
  });

  test('A dry run is rejected when all annotations together are too large, hidden ones included', async () => {
    const { call, namespace } = await startServerOn(access);
    // kubectl apply keeps what it applied in an annotation of its own.
    const { name, ...spec } = poolNamed('a');
    const kind = { apiVersion: 'sandbox.opensandbox.io/v1alpha1', kind: 'Pool' };
    const metadata = { name, annotations: { large: 'x'.repeat(120_000) } };
    await access.apply({ ...kind, metadata, spec }, '-n', namespace);
    await expect.poll(async () => (await call('GET', '/pools/a')).status).toBe(200);
    const json = { annotations: { more: 'x'.repeat(60_000) } };
    const tried = await call('PATCH', '/pools/a?dryRun=true', { json });
    expect(tried).toMatchObject({ status: 422, body: { code: 'KUBERNETES::REJECTED' } });
    expect((tried.body as { errors: unknown }).errors).toContainEqual({
      path: ['annotations'],
      message: expect.stringContaining('262144 bytes') as string,
    });
    const { status, body } = await call('PATCH', '/pools/a', { json });
    expect([status, body]).toMatchObject([422, { message: (tried.body as { message: string }).message }]);
  });
});

test('Without the permission to list pods a plan has counts from the status, and no names', async () => {
  const { call, namespace } = await withMembers();
  const rules = [{ apiGroups: ['sandbox.opensandbox.io'], resources: ['pools', 'batchsandboxes'], verbs: ['*'] }];
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'warmpool' }, rules };
  await access.apply(role, '-n', namespace);
  await expect.poll(async () => (await call('GET', '/v1/pools/a/members')).status, { timeout: 10_000 }).toBe(403);
  const grow = planOf(await call('PATCH', '/pools/a?dryRun=true', { json: { capacitySpec: capacity(4, 4) } }));
  expect(grow).toMatchObject({ desired: 4, create: 2, remove: [] });
  const shrink = planOf(await call('PATCH', '/pools/a?dryRun=true', { json: { capacitySpec: capacity(0, 0) } }));
  expect(shrink).toMatchObject({ desired: 0, create: 0, remove: [] });
  expect(shrink?.sentence).toContain('removing 2.');
  const gone = planOf(await call('DELETE', '/pools/a?dryRun=true'));
  expect(gone).toMatchObject({
    remove: [],
    reasons: [{ code: 'PoolDeleted', message: expect.stringContaining('2 members') as string }, FORECAST],
  });
});
