// The API server dies, comes back, or goes silent; the CRD of pools is missing. On a cluster of its own.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { PoolCrd } from '../../src/services/kubernetes/crd/pool-crd.ts';
import type { PoolResponse } from '../../src/contract/pool.ts';
import { capacity, poolNamed } from '../support/pools.ts';
import { startServerOn } from './kit/server-on-cluster.ts';
import { startTcpProxy } from './kit/tcp-proxy.ts';
import { TestCluster } from './kit/test-cluster.ts';

/** How long the API server stays unreachable. */
const OUTAGE_MS = 1_000 * Number(process.env.WARMPOOL_OUTAGE_SECONDS ?? 60);

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start();
});
afterAll(() => cluster.stop());

const withCrd = async <Result>(use: (crd: PoolCrd) => Promise<Result>): Promise<Result> => {
  const crd = new PoolCrd({ kubeconfigPaths: [cluster.access.kubeconfig('admin')], controller: 'warmpool' });
  try {
    return await use(crd);
  } finally {
    await crd.close();
  }
};

describe('The CRD of pools', () => {
  test('While the CRD is missing, every route responds with CRD_NOT_INSTALLED, and the server recovers when it is installed', async () => {
    const { call } = await startServerOn(cluster.access);
    const missing = { status: 503, body: { code: 'KUBERNETES::CRD_NOT_INSTALLED' } };
    expect(await call('GET', '/pools')).toMatchObject(missing);
    expect(await call('POST', '/pools', { json: poolNamed('agents') })).toMatchObject(missing);
    expect(await call('PATCH', '/pools/agents', { json: { labels: { a: 'b' } } })).toMatchObject(missing);
    expect(await call('GET', '/ready', { key: null })).toMatchObject(missing);

    expect(await withCrd((crd) => crd.check())).toMatchObject({ isInstalled: false });
    expect(await withCrd((crd) => crd.install())).toMatchObject({ isInstalled: true });
    const again = await withCrd((crd) => crd.check());
    expect(again).toMatchObject({ isInstalled: true, differences: [] });
    await expect.poll(async () => (await call('GET', '/pools')).status, { timeout: 10_000 }).toBe(200);
    expect((await call('POST', '/pools', { json: poolNamed('agents') })).status).toBe(201);
  });

  test('A CRD that somebody else installed is left unchanged, and fields that it lacks are rejected', async () => {
    const name = 'pools.sandbox.opensandbox.io';
    const read = () => cluster.access.kubectl('get', 'crd', name, '-o', 'json');
    const crd = JSON.parse(await read()) as Crd;
    const [version] = crd.spec.versions;
    if (version === undefined) throw new Error('no version');
    const { scaleStrategy: _dropped, ...known } = version.schema.openAPIV3Schema.properties.spec.properties;
    version.schema.openAPIV3Schema.properties.spec.properties = known;
    crd.metadata.labels = {};
    await cluster.access.kubectl('replace', '-f', cluster.access.file(crd));
    onTestFinished(async () => {
      await cluster.access.kubectl('label', 'crd', name, 'app.kubernetes.io/managed-by=warmpool');
      expect(await withCrd((crd) => crd.install())).toMatchObject({ isInstalled: true });
    });

    const report = await withCrd((crd) => crd.install());
    expect(report.sentence).toContain('by somebody else');
    expect(report.differences.join('\n')).toContain('scaleStrategy is missing in the cluster');
    expect(JSON.parse(await read())).not.toHaveProperty('metadata.labels');

    const { call } = await startServerOn(cluster.access);
    const strategy = { scaleStrategy: { maxUnavailable: 1 } };
    // The API server takes a moment to act on a new CRD.
    await expect
      .poll(async () => (await call('POST', '/pools', { json: poolNamed(`p-${Date.now()}`, strategy) })).body)
      .toMatchObject({ code: 'KUBERNETES::REJECTED', errors: [{ path: ['scaleStrategy'] }] });
    expect((await call('POST', '/pools', { json: poolNamed('plain') })).status).toBe(201);
    const patched = await call('PATCH', '/pools/plain', { json: strategy });
    expect(patched).toMatchObject({
      status: 422,
      body: { code: 'KUBERNETES::REJECTED', errors: [{ path: ['scaleStrategy'] }] },
    });
    expect(patched.text).not.toContain('managedFields');
  });
});

type Crd = {
  metadata: { labels: object };
  spec: {
    versions: { schema: { openAPIV3Schema: { properties: { spec: { properties: Record<string, object> } } } } }[];
  };
};

test('A server starts while its cluster is unreachable', async () => {
  const { call } = await startServerOn(cluster.access, { namespace: 'default', server: 'https://127.0.0.1:1' });
  const answer = await call('GET', '/pools');
  expect(answer).toMatchObject({ status: 503, body: { code: 'KUBERNETES::UNAVAILABLE' } });
  expect(answer.text).not.toContain('127.0.0.1');
  expect(await call('GET', '/ready', { key: null })).toMatchObject({
    status: 503,
    body: { reasons: [expect.stringContaining('unreachable')] },
  });
});

test(
  'While the API server is unreachable reads have an Age and writes are refused; afterwards nothing is lost',
  async () => {
    const { call, namespace } = await startServerOn(cluster.access);
    for (const name of ['kept', 'deleted', 'remade'])
      await call('POST', '/pools', { json: poolNamed(name, { capacitySpec: capacity(0, 0, 0, 1_000_000) }) });
    const { uid } = (await call('GET', '/pools/remade')).body as PoolResponse;

    // A writer that never pauses, and remembers what was acknowledged.
    const over = new AbortController();
    let acknowledged = 0;
    const refusedMs: number[] = [];
    const load = (async () => {
      for (let value = 1; !over.signal.aborted; value++) {
        const startedMs = performance.now();
        const { status } = await call('PATCH', '/pools/kept', { json: { capacitySpec: { bufferMax: value } } });
        if (status === 200) acknowledged = value;
        else {
          // 403: an API server that has just started has not read its roles yet.
          expect([403, 503, 504]).toContain(status);
          refusedMs.push(performance.now() - startedMs);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    })();
    await expect.poll(() => acknowledged, { timeout: 10_000 }).toBeGreaterThan(20);

    await cluster.killApiServer();
    await expect.poll(async () => (await call('GET', '/pools/kept')).headers.get('Age')).not.toBeNull();
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
    const old = await call('GET', '/pools/kept');
    expect(old.status).toBe(200);
    expect(Number(old.headers.get('Age'))).toBeGreaterThanOrEqual(Math.floor(OUTAGE_MS / 1_000) - 1);
    const items = ((await call('GET', '/pools')).body as { items: PoolResponse[] }).items.map(({ name }) => name);
    expect(items).toEqual(['deleted', 'kept', 'remade']);
    expect((await call('GET', '/ready', { key: null })).body).toMatchObject({ status: 'degraded' });
    expect(refusedMs.length).toBeGreaterThan(3);
    expect(Math.max(...refusedMs)).toBeLessThan(5_000);

    await cluster.startApiServer();
    const backMs = performance.now();
    await cluster.access.kubectl('delete', 'pool', 'deleted', 'remade', '-n', namespace);
    const kind = { apiVersion: 'sandbox.opensandbox.io/v1alpha1', kind: 'Pool' };
    await cluster.access.apply(
      { ...kind, metadata: { name: 'remade' }, spec: { capacitySpec: capacity() } },
      '-n',
      namespace,
    );
    await expect
      .poll(async () => (await call('GET', '/pools/kept')).headers.get('Age'), { timeout: 10_000 })
      .toBeNull();
    expect(performance.now() - backMs).toBeLessThan(5_000);
    await expect.poll(async () => (await call('GET', '/pools/deleted')).status, { timeout: 5_000 }).toBe(404);
    await expect
      .poll(async () => ((await call('GET', '/pools/remade')).body as PoolResponse).uid, { timeout: 5_000 })
      .not.toBe(uid);
    const before = acknowledged;
    await expect.poll(() => acknowledged, { timeout: 10_000 }).toBeGreaterThan(before);
    over.abort();
    await load;
    const stored = await cluster.access.kubectl(
      'get',
      'pool',
      'kept',
      '-n',
      namespace,
      '-o',
      'jsonpath={.spec.capacitySpec.bufferMax}',
    );
    expect(Number(stored)).toBe(acknowledged);
  },
  OUTAGE_MS + 60_000,
);

test('A half-open connection is detected, and changes made meanwhile are read', async () => {
  const proxy = await startTcpProxy(cluster.access.description.apiPort);
  onTestFinished(() => {
    proxy.close();
  });
  const { call, namespace } = await startServerOn(cluster.access, { server: proxy.url });
  await call('POST', '/pools', { json: poolNamed('agents') });
  // Waits for the first list: a POST does not.
  expect((await call('GET', '/pools/agents')).status).toBe(200);
  proxy.freeze();
  await cluster.access.kubectl('delete', 'pool', 'agents', '-n', namespace);
  expect((await call('GET', '/pools/agents')).status).toBe(200);
  const startedMs = performance.now();
  const write = await call('POST', '/pools', { json: poolNamed('other') });
  expect(write).toMatchObject({ status: 504, body: { code: 'KUBERNETES::TIMEOUT' } });
  expect(performance.now() - startedMs).toBeLessThan(6_000);
  await expect.poll(async () => (await call('GET', '/pools')).headers.get('Age'), { timeout: 30_000 }).not.toBeNull();
  proxy.thaw();
  await expect.poll(async () => (await call('GET', '/pools/agents')).status, { timeout: 15_000 }).toBe(404);
  await expect.poll(async () => (await call('GET', '/pools')).headers.get('Age'), { timeout: 15_000 }).toBeNull();
});

test('While the API server is paused writes time out and reads are served; resumed, it accepts writes again', async () => {
  const { call } = await startServerOn(cluster.access);
  await call('POST', '/pools', { json: poolNamed('agents') });
  expect((await call('GET', '/pools/agents')).status).toBe(200);
  cluster.pauseApiServer();
  onTestFinished(() => {
    cluster.resumeApiServer();
  });
  const write = await call('POST', '/pools', { json: poolNamed('other') });
  expect(write).toMatchObject({ status: 504, body: { code: 'KUBERNETES::TIMEOUT' } });
  expect((await call('GET', '/pools/agents')).status).toBe(200);
  cluster.resumeApiServer();
  const patch = { json: { labels: { team: 'a' } } };
  await expect.poll(async () => (await call('PATCH', '/pools/agents', patch)).status, { timeout: 15_000 }).toBe(200);
});
