// If-Match on a real API server, alongside a controller that never pauses, kubectl, and a second server.
import { expect, inject, test } from 'vitest';
import type { PoolResponse } from '../../src/contract/pool.ts';
import { capacity, poolNamed } from '../support/pools.ts';
import type { TestServer } from '../support/test-server.ts';
import { ClusterAccess } from './kit/cluster-access.ts';
import { startServerOn } from './kit/server-on-cluster.ts';
import { startStatusWriter } from './kit/status-writer.ts';

const access = new ClusterAccess(inject('cluster'));

const CONFLICT = { status: 412, body: { code: 'POOL::VERSION_CONFLICT' } };
const WIDE = { capacitySpec: capacity(0, 0, 0, 9_000) };

const startTwo = async () => {
  const one = await startServerOn(access);
  const other = await startServerOn(access, { namespace: one.namespace });
  return { one, other, namespace: one.namespace };
};

const get = async ({ call }: Pick<TestServer, 'call'>, name = 'a') =>
  (await call('GET', `/pools/${name}`)).body as PoolResponse;

const write = ({ call }: Pick<TestServer, 'call'>, method: string, ifMatch: string, json?: object) =>
  call(method, '/pools/a', { json, headers: { 'If-Match': ifMatch } });

test('Two servers give a pool and the list the same ETags, and respond with 304 to each other’s', async () => {
  const { one, other } = await startTwo();
  const { etag } = (await one.call('POST', '/pools', { json: poolNamed('a', { labels: { x: 'y' } }) }))
    .body as PoolResponse;
  await expect.poll(async () => (await get(other)).etag).toBe(etag);
  for (const route of ['/pools/a', '/pools']) {
    const tag = (await one.call('GET', route)).headers.get('ETag') ?? '';
    expect(await other.call('GET', route, { headers: { 'If-None-Match': tag } })).toMatchObject({
      status: 304,
      text: '',
    });
  }
});

test('Of four writers on two servers with one ETag exactly one succeeds, 60 times over, while the status keeps changing', async () => {
  const { one, other, namespace } = await startTwo();
  await one.call('POST', '/pools', { json: poolNamed('a', WIDE) });
  const writer = startStatusWriter(access, namespace, 'a');
  let { etag } = await get(one);
  for (let round = 1; round <= 60; round++) {
    const sizes = [1, 2, 3, 4].map((index) => round * 10 + index);
    const answers = await Promise.all(
      sizes.map((bufferMax, index) =>
        write(index % 2 === 0 ? one : other, 'PATCH', etag, { capacitySpec: { bufferMax } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    const won = answers.findIndex(({ status }) => status === 200);
    const { generation, capacitySpec, etag: next } = answers[won]?.body as PoolResponse;
    expect([generation, capacitySpec.bufferMax]).toEqual([round + 1, sizes[won]]);
    // The ETag in the response of the successful writer is valid for the next write, whatever the status does.
    etag = next;
  }
  expect(await writer.stop()).toBeGreaterThan(60);
});

test('A label that kubectl adds between read and write is never lost, and conflicts only with writes of labels or annotations', async () => {
  const { call, namespace } = await startServerOn(access);
  await call('POST', '/pools', { json: poolNamed('a', WIDE) });
  for (let round = 1; round <= 5; round++) {
    const { etag, labels = {} } = await get({ call });
    await access.kubectl('label', 'pool', 'a', `by-hand-${round}=x`, '-n', namespace);
    // Immediately: the server may not have seen the label yet.
    expect(await write({ call }, 'PUT', etag, { ...WIDE, labels: { ...labels, mine: String(round) } })).toMatchObject(
      CONFLICT,
    );
    expect(await write({ call }, 'PATCH', etag, { annotations: { mine: String(round) } })).toMatchObject(CONFLICT);
    expect((await write({ call }, 'PATCH', etag, { capacitySpec: { bufferMax: round } })).status).toBe(200);
    expect((await get({ call })).labels).toHaveProperty(`by-hand-${round}`);
  }
  const { labels } = await get({ call });
  expect(labels).toEqual(Object.fromEntries([1, 2, 3, 4, 5].map((round) => [`by-hand-${round}`, 'x'])));
});

test('Of a PUT of labels and a PATCH of annotations with one ETag exactly one succeeds, while the status keeps changing', async () => {
  const { one, other, namespace } = await startTwo();
  await one.call('POST', '/pools', { json: poolNamed('a', WIDE) });
  const writer = startStatusWriter(access, namespace, 'a');
  let { etag } = await get(one);
  for (let round = 1; round <= 30; round++) {
    const value = String(round);
    const put = () => write(one, 'PUT', etag, { ...WIDE, labels: { put: value } });
    const patch = () => write(other, 'PATCH', etag, { annotations: { patch: value } });
    const answers = await Promise.all(round % 2 === 0 ? [put(), patch()] : [patch(), put()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const { body } = answers.find(({ status }) => status === 200) ?? {};
    const { labels, annotations, etag: next } = body as PoolResponse;
    expect([labels?.put, annotations?.patch].filter((written) => written === value)).toHaveLength(1);
    etag = next;
  }
  expect(await writer.stop()).toBeGreaterThan(30);
});

test('A PUT and a DELETE with the ETag from before a change of the status succeed', async () => {
  const { call, namespace } = await startServerOn(access);
  for (let round = 0; round < 3; round++) {
    const made = (await call('POST', '/pools', { json: poolNamed('a', WIDE) })).body as PoolResponse;
    const writer = startStatusWriter(access, namespace, 'a', 20);
    await expect.poll(async () => (await get({ call })).etag).not.toBe(made.etag);
    const put = await write({ call }, 'PUT', made.etag, { capacitySpec: capacity(0, 1, 0, 9_000) });
    expect(put.status).toBe(200);
    expect(await write({ call }, 'DELETE', made.etag)).toMatchObject(CONFLICT);
    expect((await write({ call }, 'DELETE', (put.body as PoolResponse).etag)).status).toBe(204);
    expect(await writer.stop()).toBeGreaterThan(0);
    expect((await call('GET', '/pools/a')).status).toBe(404);
  }
});

test('A DELETE with an ETag succeeds while the status keeps changing', async () => {
  const { call, namespace } = await startServerOn(access);
  for (let round = 0; round < 5; round++) {
    const made = (await call('POST', '/pools', { json: poolNamed('a', WIDE) })).body as PoolResponse;
    const writer = startStatusWriter(access, namespace, 'a');
    await expect.poll(async () => (await get({ call })).etag).not.toBe(made.etag);
    expect((await write({ call }, 'DELETE', made.etag)).status).toBe(204);
    await writer.stop();
    expect((await call('GET', '/pools/a')).status).toBe(404);
  }
});

test('The ETag of a pool that others deleted and created again is a conflict for every write', async () => {
  const { call, namespace } = await startServerOn(access);
  const { etag } = (await call('POST', '/pools', { json: poolNamed('a') })).body as PoolResponse;
  await access.kubectl('delete', 'pool', 'a', '-n', namespace);
  const kind = { apiVersion: 'sandbox.opensandbox.io/v1alpha1', kind: 'Pool' };
  await access.apply({ ...kind, metadata: { name: 'a' }, spec: { capacitySpec: capacity(0, 3) } }, '-n', namespace);
  // Immediately: the server may still have the old pool.
  expect(await write({ call }, 'DELETE', etag)).toMatchObject(CONFLICT);
  expect(await write({ call }, 'PATCH', etag, { capacitySpec: { bufferMax: 1 } })).toMatchObject(CONFLICT);
  expect(await write({ call }, 'PUT', etag, { capacitySpec: capacity() })).toMatchObject(CONFLICT);
  expect(await get({ call })).toMatchObject({ capacitySpec: capacity(0, 3), generation: 1 });
});
