// Idempotency-Key: a POST that is sent again returns what it created.
import { describe, expect, test } from 'vitest';
import type { PoolResponse } from '../../../src/contract/pool.ts';
import { capacity, poolNamed } from '../../support/pools.ts';
import { startTestServer, type Answer, type TestServer } from '../../support/test-server.ts';

const labels = { x: 'y', z: '' };
const pool = poolNamed('a', { labels });
const REUSED = { status: 422, body: { code: 'IDEMPOTENCY::KEY_REUSED' } };
const EXISTS = { status: 409, body: { code: 'KUBERNETES::POOL_ALREADY_EXISTS' } };

const withServer = async (...options: Parameters<typeof startTestServer>) => {
  const server = await startTestServer(...options);
  const post = (key: string, json: unknown = pool, route = '/pools') =>
    server.call('POST', route, { json, headers: { 'Idempotency-Key': key } });
  return { ...server, post };
};

const replayed = ({ headers }: Answer) => headers.get('Idempotency-Replayed');
const uidOf = ({ body }: Answer) => (body as PoolResponse).uid;
const audited = ({ log }: TestServer) => log.filter(({ msg }) => msg === 'audit').map(({ operation }) => operation);

describe('A repeated request', () => {
  test('A repeated request responds with 201 and the same pool, is marked as a replay, and is audited once', async () => {
    const server = await withServer();
    const [first, second] = [await server.post('k'), await server.post('k')];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect([replayed(first), replayed(second)]).toEqual([null, 'true']);
    expect(uidOf(second)).toBe(uidOf(first));
    expect(second.headers.get('Location')).toBe('/pools/a');
    expect(second.headers.get('ETag')).toBe((second.body as PoolResponse).etag);
    expect(audited(server)).toEqual(['pools.create']);
  });

  test('A repeated request returns the pool in its current state', async () => {
    const { call, post } = await withServer();
    await post('k');
    await call('PUT', '/pools/a', { json: { capacitySpec: capacity(0, 9), labels: {}, annotations: { new: 'x' } } });
    const again = await post('k');
    expect(again).toMatchObject({ status: 201, body: { generation: 2, capacitySpec: capacity(0, 9) } });
    expect(again.body).not.toHaveProperty('labels');
    expect(replayed(again)).toBe('true');
  });

  test('A repeated request may have its fields in another order', async () => {
    const { call, post } = await withServer();
    const first = await post('k');
    const { name, template, capacitySpec } = pool;
    const { bufferMax, ...rest } = capacitySpec;
    const body = JSON.stringify({ labels: { z: '', x: 'y' }, capacitySpec: { ...rest, bufferMax }, template, name });
    const headers = { 'Idempotency-Key': 'k', 'Content-Type': 'application/json' };
    const again = await call('POST', '/pools', { body, headers });
    expect([again.status, replayed(again), uidOf(again)]).toEqual([201, 'true', uidOf(first)]);
  });

  test('A request with an Idempotency-Key that is sent 100 times at once creates one pool and gets 100 equal responses', async () => {
    const server = await withServer();
    const answers = await Promise.all(Array.from({ length: 100 }, () => server.post('k')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    // A later response has a newer status: each returns the current state of the pool.
    const asMade = answers.map(({ body }) => {
      const { status: _status, etag: _etag, resourceVersion: _version, ...rest } = body as PoolResponse;
      return rest;
    });
    expect(asMade).toEqual(asMade.map(() => asMade[0]));
    expect(answers.filter((answer) => replayed(answer) === null)).toHaveLength(1);
    expect(audited(server)).toEqual(['pools.create']);
  });

  test('A request that is repeated after its pool was deleted creates a new pool', async () => {
    const { call, post } = await withServer();
    const first = await post('k');
    await call('DELETE', '/pools/a');
    const again = await post('k');
    expect([again.status, replayed(again)]).toEqual([201, null]);
    expect(uidOf(again)).not.toBe(uidOf(first));
  });

  test('A repeated request with another Idempotency-Key, or none, is refused with 409', async () => {
    const { call, post } = await withServer();
    await post('k');
    expect(await post('K')).toMatchObject(EXISTS);
    expect(await call('POST', '/pools', { json: pool })).toMatchObject(EXISTS);
  });
});

test('Another body with the same Idempotency-Key is refused, whether or not the name is the same', async () => {
  const server = await withServer();
  await server.post('k');
  for (const other of [poolNamed('a'), poolNamed('b', { labels }), { ...pool, capacitySpec: capacity() }])
    expect(await server.post('k', other)).toMatchObject(REUSED);
  expect((await server.call('GET', '/pools')).body).toMatchObject({ items: [{ name: 'a', generation: 1 }] });
  expect(audited(server)).toEqual(['pools.create']);
});

describe('The scope of an Idempotency-Key', () => {
  test('An Idempotency-Key that was used with another view is a new key', async () => {
    const { post } = await withServer();
    await post('k');
    expect(await post('k', pool, '/pools?view=basic')).toMatchObject(EXISTS);
    expect((await post('k', poolNamed('b'), '/pools?view=basic')).status).toBe(201);
  });

  test('An Idempotency-Key that was used with another API key is a new key', async () => {
    const first = await withServer();
    await first.post('k');
    await first.stop();
    const { call } = await withServer({ dataDir: first.dataDir, apiKey: 'other' });
    const post = (json: object) => call('POST', '/pools', { json, key: 'other', headers: { 'Idempotency-Key': 'k' } });
    expect(await post(pool)).toMatchObject(EXISTS);
    expect((await post(poolNamed('b'))).status).toBe(201);
  });
});

describe('Requests without a retry record', () => {
  test('A request that fails leaves no retry record', async () => {
    const { call, post } = await withServer();
    expect((await post('k', { name: 'a' })).status).toBe(422);
    await call('POST', '/pools', { json: poolNamed('taken') });
    expect(await post('k', poolNamed('taken'))).toMatchObject(EXISTS);
    const made = await post('k');
    expect([made.status, replayed(made)]).toEqual([201, null]);
  });

  test('A dry run leaves no retry record', async () => {
    const { post } = await withServer();
    expect((await post('k', poolNamed('b'), '/pools?dryRun=true')).status).toBe(200);
    const made = await post('k');
    expect([made.status, replayed(made)]).toEqual([201, null]);
  });
});

test.each([
  ['is empty', ''],
  ['has a space', 'a b'],
  ['has a character outside ASCII', 'ü'],
  ['has 256 characters', 'k'.repeat(256)],
])('An Idempotency-Key that %s is refused with 422 at the header', async (_what, key) => {
  const { post } = await withServer();
  expect(await post(key)).toMatchObject({
    status: 422,
    body: { errors: [{ path: ['header', 'Idempotency-Key'] }] },
  });
});

test('An Idempotency-Key may consist of 255 visible ASCII characters of any kind', async () => {
  const { post } = await withServer();
  const key = '!"#$%&\'()*+,/:;<=>?@[\\]^`{|}~'.padEnd(255, 'k');
  expect([replayed(await post(key)), replayed(await post(key))]).toEqual([null, 'true']);
});

test('The retry record is never shown, cannot be sent, and survives every write', async () => {
  const { call, post } = await withServer();
  const annotation = 'warmpool.dev/idempotency';
  const first = await post('k');
  const writes = [
    await call('PUT', '/pools/a', { json: { capacitySpec: capacity(), annotations: {} } }),
    await call('PATCH', '/pools/a', { json: { annotations: null, labels: { new: 'x' } } }),
    await call('GET', '/pools'),
  ];
  for (const { text } of [first, ...writes]) expect(text).not.toContain('warmpool.dev');
  for (const value of ['x', null])
    expect((await call('PATCH', '/pools/a', { json: { annotations: { [annotation]: value } } })).status).toBe(422);
  expect((await call('POST', '/pools', { json: poolNamed('b', { annotations: { [annotation]: 'x' } }) })).status).toBe(
    422,
  );
  expect(replayed(await post('k'))).toBe('true');
});

test('Over tRPC the Idempotency-Key is the field idempotencyKey, and a replay has the same header as over REST', async () => {
  const server = await withServer();
  const create = (input: object) => server.call('POST', '/trpc/pools.create', { json: { ...pool, ...input } });
  const [first, again] = [await create({ idempotencyKey: 'k' }), await create({ idempotencyKey: 'k' })];
  expect([replayed(first), replayed(again)]).toEqual([null, 'true']);
  expect([first.status, again.status]).toEqual([200, 200]);
  const uids = [first, again].map(({ body }) => (body as { result: { data: PoolResponse } }).result.data.uid);
  expect(uids[1]).toBe(uids[0]);
  expect(await create({ idempotencyKey: 'k', name: 'b' })).toMatchObject({
    status: 422,
    body: { error: { data: { code: 'IDEMPOTENCY::KEY_REUSED' } } },
  });
  expect(await create({ idempotencyKey: 'a b' })).toMatchObject({
    body: { error: { data: { code: 'REQUEST::INVALID', errors: [{ path: ['idempotencyKey'] }] } } },
  });
  expect(audited(server)).toEqual(['pools.create']);
});

test('A dry run with a used Idempotency-Key returns what the request would return', async () => {
  const { call, post } = await withServer();
  const made = await post('k');
  const headers = { 'Idempotency-Key': 'k' };
  const again = await call('POST', '/pools?dryRun=true', { json: pool, headers });
  expect([again.status, uidOf(again), replayed(again)]).toEqual([200, uidOf(made), null]);
  expect(await call('POST', '/pools?dryRun=true', { json: poolNamed('b'), headers })).toMatchObject(REUSED);
});
