// Retry safety on a real API server: the record is an annotation, which every server of the cluster reads.
import { expect, inject, test } from 'vitest';
import type { PoolResponse } from '../../src/contract/pool.ts';
import { capacity, poolNamed } from '../support/pools.ts';
import type { Answer, TestServer } from '../support/test-server.ts';
import { ClusterAccess } from './kit/cluster-access.ts';
import { startServerOn } from './kit/server-on-cluster.ts';

const access = new ClusterAccess(inject('cluster'));

const KIND = { apiVersion: 'sandbox.opensandbox.io/v1alpha1', kind: 'Pool' };
const ANNOTATION = 'warmpool.dev/idempotency';
const EXISTS = { status: 409, body: { code: 'KUBERNETES::POOL_ALREADY_EXISTS' } };
const REUSED = { status: 422, body: { code: 'IDEMPOTENCY::KEY_REUSED' } };

const post = ({ call }: Pick<TestServer, 'call'>, json: object = poolNamed('a'), key = 'k') =>
  call('POST', '/pools', { json, headers: { 'Idempotency-Key': key } });
const isReplay = ({ headers }: Answer) => headers.get('Idempotency-Replayed') === 'true';
const uidOf = ({ body }: Answer) => (body as PoolResponse).uid;

type Stored = { metadata: { uid: string; annotations: Record<string, string> }; spec: object };
const stored = async (namespace: string, name: string) =>
  JSON.parse(await access.kubectl('get', 'pool', name, '-n', namespace, '-o', 'json')) as Stored;

test('50 requests with one Idempotency-Key to each of two servers create one pool, and get 100 equal responses', async () => {
  const one = await startServerOn(access);
  const other = await startServerOn(access, { namespace: one.namespace });
  const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => post(index % 2 === 0 ? one : other)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map(uidOf)).size).toBe(1);
  expect(answers.filter((answer) => !isReplay(answer))).toHaveLength(1);
  expect((await one.call('GET', '/pools')).body).toMatchObject({ items: [{ name: 'a' }] });
  // The other server knows the key as soon as it has received the pool.
  await expect.poll(async () => (await post(other, poolNamed('b'))).status).toBe(422);
  expect(await post(one, poolNamed('b'))).toMatchObject(REUSED);
  expect(await post(other, poolNamed('a', { labels: { x: 'y' } }))).toMatchObject(REUSED);
});

test('The retry record survives the server and every write, and is not shown', async () => {
  const first = await startServerOn(access);
  const made = await post(first, poolNamed('a', { annotations: { mine: 'x' } }));
  await first.call('PUT', '/pools/a', { json: { capacitySpec: capacity(), annotations: {} } });
  await first.stop();
  expect(made.text).not.toContain(ANNOTATION);
  expect(Object.keys((await stored(first.namespace, 'a')).metadata.annotations)).toEqual([ANNOTATION]);
  const second = await startServerOn(access, { namespace: first.namespace });
  const again = await post(second, poolNamed('a', { annotations: { mine: 'x' } }));
  expect([again.status, isReplay(again), uidOf(again)]).toEqual([201, true, uidOf(made)]);
  expect(again.body).toMatchObject({ capacitySpec: capacity(), generation: 2 });
  expect(again.body).not.toHaveProperty('annotations');
});

test('A pool that kubectl created is not a replay, and an Idempotency-Key is free after kubectl deleted its pool', async () => {
  const { call, namespace } = await startServerOn(access);
  const { name, ...spec } = poolNamed('by-hand');
  await access.apply({ ...KIND, metadata: { name }, spec }, '-n', namespace);
  // Immediately: the server may not have received it yet.
  expect(await post({ call }, poolNamed('by-hand'))).toMatchObject(EXISTS);
  const made = await post({ call });
  await access.kubectl('delete', 'pool', 'a', '-n', namespace);
  await expect.poll(async () => (await call('GET', '/pools/a')).status).toBe(404);
  const again = await post({ call });
  expect([again.status, isReplay(again)]).toEqual([201, false]);
  expect(uidOf(again)).not.toBe(uidOf(made));
});

test('A copy of a pool that kubectl created, retry record included, is never a replay', async () => {
  const { call, namespace } = await startServerOn(access);
  const made = await post({ call });
  const { metadata, spec } = await stored(namespace, 'a');
  const { annotations } = metadata;
  await access.apply({ ...KIND, metadata: { name: 'copy', annotations }, spec }, '-n', namespace);
  await expect.poll(async () => (await call('GET', '/pools/copy')).status).toBe(200);
  const again = await post({ call });
  expect([again.status, isReplay(again), uidOf(again)]).toEqual([201, true, uidOf(made)]);
  await call('DELETE', '/pools/a');
  expect((await post({ call })).body).toMatchObject({ name: 'a' });
});
