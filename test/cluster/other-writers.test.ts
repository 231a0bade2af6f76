// Warmpool alongside other writers of the same pools: kubectl, a controller, a second server.
import { expect, inject, onTestFinished, test } from 'vitest';
import type { PoolResponse } from '../../src/contract/pool.ts';
import { capacity, poolNamed } from '../support/pools.ts';
import { ClusterAccess } from './kit/cluster-access.ts';
import { startServerOn } from './kit/server-on-cluster.ts';
import { startStatusWriter } from './kit/status-writer.ts';
import { startTcpProxy } from './kit/tcp-proxy.ts';

const access = new ClusterAccess(inject('cluster'));

/** A merge patch by kubectl. */
const edit = (namespace: string, name: string, patch: object) =>
  access.kubectl('patch', 'pool', name, '-n', namespace, '--type=merge', '-p', JSON.stringify(patch));

const stored = async (namespace: string, name: string) =>
  JSON.parse(await access.kubectl('get', 'pool', name, '-n', namespace, '-o', 'json')) as {
    metadata: { labels: Record<string, string>; annotations: Record<string, string>; finalizers?: string[] };
    spec: { capacitySpec: Record<string, number> };
    status?: { total: number };
  };

test('Reads follow a pool that kubectl creates, edits and deletes', async () => {
  const { call, namespace } = await startServerOn(access);
  const spec = { capacitySpec: capacity(1, 2), template: { spec: {} } };
  const kind = { apiVersion: 'sandbox.opensandbox.io/v1alpha1', kind: 'Pool' };
  await access.apply({ ...kind, metadata: { name: 'by-hand' }, spec }, '-n', namespace);
  const seen = async () => (await call('GET', '/pools/by-hand')).body;
  await expect.poll(seen).toMatchObject({ capacitySpec: capacity(1, 2) });
  await edit(namespace, 'by-hand', { spec: { capacitySpec: { bufferMax: 7 } } });
  await expect.poll(seen).toMatchObject({ capacitySpec: capacity(1, 7), generation: 2 });
  await access.kubectl('delete', 'pool', 'by-hand', '-n', namespace);
  await expect.poll(seen).toMatchObject({ code: 'KUBERNETES::POOL_NOT_FOUND' });
});

test('Every write keeps the labels, annotations, finalizers and status of other writers', async () => {
  const { call, namespace } = await startServerOn(access);
  await call('POST', '/pools', { json: poolNamed('agents', { annotations: { mine: '1' } }) });
  const annotations = { theirs: '2', 'kubectl.kubernetes.io/x': '3' };
  await edit(namespace, 'agents', {
    metadata: { labels: { theirs: '1' }, annotations, finalizers: ['test.dev/hold'] },
  });
  const status = { total: 4, allocated: 1, available: 3, revision: 'r', updated: 4, observedGeneration: 1 };
  await access.patchStatus(namespace, 'pool', 'agents', status);
  // Computed from a cache that may not have these edits yet: the tests of the patch fail then.
  await call('PATCH', '/pools/agents', { json: { labels: { mine: '1' }, annotations: { mine: '2' } } });
  await call('PUT', '/pools/agents', {
    json: { capacitySpec: capacity(0, 5), annotations: { mine: '3', theirs: '2' } },
  });
  expect(await stored(namespace, 'agents')).toMatchObject({
    metadata: {
      labels: { theirs: '1', mine: '1' },
      annotations: { mine: '3', ...annotations },
      finalizers: ['test.dev/hold'],
    },
    spec: { capacitySpec: capacity(0, 5) },
    status,
  });
  await edit(namespace, 'agents', { metadata: { finalizers: null } });
});

test('A pool that a finalizer holds has deletingSince, and its name stays taken', async () => {
  const { call, namespace } = await startServerOn(access);
  await call('POST', '/pools', { json: poolNamed('agents') });
  await edit(namespace, 'agents', { metadata: { finalizers: ['test.dev/hold'] } });
  expect((await call('DELETE', '/pools/agents')).status).toBe(204);
  const held = await call('GET', '/pools/agents');
  expect(held.status).toBe(200);
  expect(held.body).toHaveProperty('deletingSince', expect.stringMatching(/Z$/));
  expect((await call('DELETE', '/pools/agents')).status).toBe(204);
  expect(await call('POST', '/pools', { json: poolNamed('agents') })).toMatchObject({
    status: 409,
    body: { code: 'KUBERNETES::POOL_ALREADY_EXISTS' },
  });
  await edit(namespace, 'agents', { metadata: { finalizers: null } });
  await expect.poll(async () => (await call('GET', '/pools/agents')).status).toBe(404);
});

test('No concurrent change of two servers is lost or starved by a status writer that never pauses', async () => {
  const one = await startServerOn(access);
  const other = await startServerOn(access, { namespace: one.namespace });
  await one.call('POST', '/pools', { json: poolNamed('agents', { capacitySpec: capacity(0, 1_000, 0, 9_000) }) });
  await expect.poll(async () => (await other.call('GET', '/pools/agents')).status).toBe(200);
  const writer = startStatusWriter(access, one.namespace, 'agents');
  const numbers = ['bufferMin', 'bufferMax', 'poolMin', 'poolMax'] as const;
  const patches = Array.from({ length: 80 }, (_, index) => {
    const server = index % 2 === 0 ? one : other;
    const json =
      index % 4 < 2
        ? { labels: { [`l${index}`]: 'x' } }
        : { capacitySpec: { [numbers[(index >> 2) % 4] ?? 'poolMax']: [100, 900, 50, 5_000][(index >> 2) % 4] } };
    return server.call('PATCH', '/pools/agents', { json });
  });
  const answers = await Promise.all(patches);
  expect(await writer.stop()).toBeGreaterThan(20);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const { metadata, spec } = await stored(one.namespace, 'agents');
  const labels = Array.from({ length: 80 }, (_, index) => index).filter((index) => index % 4 < 2);
  expect(Object.keys(metadata.labels).sort()).toEqual(labels.map((index) => `l${index}`).sort());
  expect(spec.capacitySpec).toEqual(capacity(100, 900, 50, 5_000));
});

/** Two servers, of which the second one's watch can be held back, and what it reads of the pool then. */
const startRacing = async () => {
  const proxy = await startTcpProxy(access.description.apiPort);
  onTestFinished(() => {
    proxy.close();
  });
  const one = await startServerOn(access);
  const late = await startServerOn(access, { namespace: one.namespace, server: proxy.url });
  const readLate = async () => (await late.call('GET', '/pools/agents')).body as PoolResponse;
  /** Runs `change`, then `race` while the second server has not received the change. */
  const race = async (change: () => Promise<unknown>, before: (pool: PoolResponse) => unknown) => {
    const known = before(await readLate());
    const hold = proxy.holdNext();
    await change();
    await hold.held;
    expect(before(await readLate()), 'the second server has not received the change').toEqual(known);
    return hold.release;
  };
  return { one, late, race };
};

test('Labels that seem to be stored already are written when another writer has changed them meanwhile', async () => {
  const { one, late, race } = await startRacing();
  await one.call('POST', '/pools', { json: poolNamed('agents', { labels: { a: '0' } }) });
  await expect.poll(async () => (await late.call('GET', '/pools/agents')).status).toBe(200);
  for (let round = 1; round <= 3; round++) {
    const change = () => one.call('PATCH', '/pools/agents', { json: { labels: { a: String(round) } } });
    const release = await race(change, ({ labels }) => labels);
    // According to the second server's cache, this changes nothing.
    const json = { labels: { a: '0' } };
    expect(await late.call('PATCH', '/pools/agents', { json })).toMatchObject({ status: 200, body: json });
    expect((await stored(one.namespace, 'agents')).metadata).toMatchObject(json);
    release();
  }
});

test('A change that the current pool allows is not refused because of an older version', async () => {
  const { one, late, race } = await startRacing();
  await one.call('POST', '/pools', { json: poolNamed('agents', { capacitySpec: capacity(0, 1) }) });
  await expect.poll(async () => (await late.call('GET', '/pools/agents')).status).toBe(200);
  for (let round = 2; round <= 4; round++) {
    const change = () => one.call('PATCH', '/pools/agents', { json: { capacitySpec: { bufferMax: round } } });
    const release = await race(change, ({ capacitySpec }) => capacitySpec);
    // Above the bufferMax in the second server's cache.
    const json = { capacitySpec: { bufferMin: round } };
    expect(await late.call('PATCH', '/pools/agents', { json })).toMatchObject({ status: 200, body: json });
    release();
  }
});

test('A pool whose members have just been allocated is deleted only by force', async () => {
  const { late, one, race } = await startRacing();
  await late.call('POST', '/pools', { json: poolNamed('agents') });
  await expect.poll(async () => (await late.call('GET', '/pools/agents')).headers.get('Age')).toBeNull();
  const status = { total: 1, allocated: 1, available: 0, revision: 'r', observedGeneration: 1 };
  const release = await race(
    () => access.patchStatus(one.namespace, 'pool', 'agents', status),
    (pool) => pool.status,
  );
  expect(await late.call('DELETE', '/pools/agents')).toMatchObject({ status: 409, body: { code: 'POOL::IN_USE' } });
  expect((await late.call('DELETE', '/pools/agents?force=true')).status).toBe(204);
  release();
});

test('Reads send no call to the API server', async () => {
  const { call } = await startServerOn(access);
  await call('POST', '/pools', { json: poolNamed('agents') });
  const gets = async () => {
    const metrics = await access.kubectl('get', '--raw', '/metrics');
    return [
      ...metrics.matchAll(/^apiserver_request_total\{.*resource="pools".*verb="(?:GET|LIST)".*\} (\d+)$/gm),
    ].reduce((sum, [, count]) => sum + Number(count), 0);
  };
  const before = await gets();
  for (let round = 0; round < 300; round++) await call('GET', round % 2 === 0 ? '/pools/agents' : '/pools');
  expect(await gets()).toBe(before);
});

test('A pool name with a special meaning in a path is not found', async () => {
  const { call, namespace } = await startServerOn(access, { user: 'admin' });
  await call('POST', '/pools', { json: poolNamed('agents') });
  // Clients remove dots from a URL: those are sent over tRPC.
  for (const name of ['agents%2Fstatus', 'A', '-'])
    for (const method of ['GET', 'DELETE']) expect((await call(method, `/v1/pools/${name}`)).status).toBe(404);
  for (const name of ['', '.', '..', 'agents/status'])
    expect((await call('POST', '/trpc/pools.delete', { json: { name } })).status).toBe(404);
  expect((await stored(namespace, 'agents')).spec).toMatchObject({ capacitySpec: capacity(0, 0) });
});

test('A write through one server is seen through the other', async () => {
  const one = await startServerOn(access);
  const other = await startServerOn(access, { namespace: one.namespace });
  await one.call('POST', '/pools', { json: poolNamed('agents') });
  const { body } = await one.call('PATCH', '/pools/agents', { json: { capacitySpec: { bufferMax: 7 } } });
  await expect.poll(async () => (await other.call('GET', '/pools/agents')).body).toEqual(body);
});

test('A pool that others delete and create again is a different pool', async () => {
  const { call, namespace } = await startServerOn(access);
  const first = (await call('POST', '/pools', { json: poolNamed('agents') })).body as PoolResponse;
  await access.kubectl('delete', 'pool', 'agents', '-n', namespace);
  const kind = { apiVersion: 'sandbox.opensandbox.io/v1alpha1', kind: 'Pool' };
  await access.apply(
    { ...kind, metadata: { name: 'agents' }, spec: { capacitySpec: capacity(0, 3) } },
    '-n',
    namespace,
  );
  await expect.poll(async () => ((await call('GET', '/pools/agents')).body as PoolResponse).uid).not.toBe(first.uid);
  expect((await call('GET', '/pools')).body).toMatchObject({ items: [{ capacitySpec: capacity(0, 3) }] });
});

test('A pool that violates the schema is listed with Unreadable, and its labels can be patched', async () => {
  // A CRD without rules, for a while: what is stored under it stays.
  const name = 'pools.sandbox.opensandbox.io';
  const crd = JSON.parse(await access.kubectl('get', 'crd', name, '-o', 'json')) as {
    metadata: object;
    spec: { versions: object[] };
  };
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const loose = {
    ...crd,
    spec: { ...crd.spec, versions: [{ ...crd.spec.versions[0], schema: { openAPIV3Schema: anything } }] },
  };
  const { call, namespace } = await startServerOn(access);
  await call('POST', '/pools', { json: poolNamed('sound') });
  const file = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };
  await access.kubectl('replace', '-f', access.file({ ...loose, ...file, metadata: { name } }));
  onTestFinished(async () => {
    const metadata = { ...crd.metadata, resourceVersion: undefined };
    await access.kubectl('replace', '-f', access.file({ ...crd, ...file, metadata }));
  });
  const nonsense = {
    apiVersion: 'sandbox.opensandbox.io/v1alpha1',
    kind: 'Pool',
    metadata: { name: 'nonsense' },
    spec: { template: 'none', capacitySpec: { bufferMin: 'two', bufferMax: 5, poolMax: -1 }, scaleStrategy: [1] },
    status: { total: 'many' },
  };
  await expect
    .poll(
      () =>
        access.apply(nonsense, '-n', namespace, '--validate=false').then(
          () => 'stored',
          () => 'refused',
        ),
      { timeout: 15_000, interval: 300 },
    )
    .toBe('stored');
  const seen = async () => (await call('GET', '/pools')).body;
  await expect.poll(seen).toMatchObject({ items: [{ name: 'nonsense' }, { name: 'sound' }] });
  const shown = (await call('GET', '/pools/nonsense')).body as PoolResponse;
  expect(shown.capacitySpec).toEqual({ bufferMin: 0, bufferMax: 5, poolMin: 0, poolMax: 0 });
  expect(shown).not.toHaveProperty('template');
  const condition = shown.status?.conditions?.at(-1);
  expect(condition).toMatchObject({ type: 'Unreadable', status: 'True', reason: 'Unreadable' });
  for (const path of [
    'spec.template',
    'spec.capacitySpec.bufferMin',
    'spec.capacitySpec.poolMin',
    'spec.scaleStrategy',
  ])
    expect(condition?.message).toContain(path);
  const patched = await call('PATCH', '/pools/nonsense', { json: { labels: { odd: 'yes' } } });
  expect(patched).toMatchObject({ status: 200, body: { labels: { odd: 'yes' }, generation: 1 } });
  // A patch of one number names capacitySpec: the other numbers are validated as stored, not as shown.
  const half = await call('PATCH', '/pools/nonsense', { json: { capacitySpec: { bufferMax: 6 } } });
  expect(half).toMatchObject({ status: 422, body: { code: 'REQUEST::INVALID' } });
  expect(half.text).toContain('["capacitySpec","bufferMin"]');
  const removed = await call('PATCH', '/pools/nonsense', { json: { scaleStrategy: null } });
  expect(removed).toMatchObject({ status: 200, body: { generation: 2 } });
  expect(await stored(namespace, 'nonsense')).not.toHaveProperty('spec.scaleStrategy');
});
