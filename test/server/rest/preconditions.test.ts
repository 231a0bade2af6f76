// If-Match: a write is refused when what it changes has changed, and only then.
import { describe, expect, test } from 'vitest';
import type { PoolResponse } from '../../../src/contract/pool.ts';
import { capacity, poolNamed, template } from '../../support/pools.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

type Write = readonly [method: string, json?: object];

const PUT: Write = ['PUT', { capacitySpec: capacity(0, 7) }];
const PUT_LABELS: Write = ['PUT', { capacitySpec: capacity(0, 7), labels: { put: 'x' } }];
const PATCH: Write = ['PATCH', { capacitySpec: { bufferMax: 8 } }];
const PATCH_ANNOTATIONS: Write = ['PATCH', { annotations: { patch: 'x' } }];
const REMOVE_LABELS: Write = ['PATCH', { labels: null }];
const DELETE: Write = ['DELETE'];
const WRITES = [PUT, PUT_LABELS, PATCH, PATCH_ANNOTATIONS, REMOVE_LABELS, DELETE];
const CONFLICT = { status: 412, body: { code: 'POOL::VERSION_CONFLICT' } };

const withPool = async (pool: object = poolNamed('a', { labels: { own: 'x' } })) => {
  const server = await startTestServer();
  const created = (await server.call('POST', '/pools', { json: pool })).body as PoolResponse;
  return { ...server, created, write: writerOf(server) };
};

const writerOf =
  ({ call }: Pick<TestServer, 'call'>) =>
  ([method, json]: Write, ifMatch: string) =>
    call(method, '/pools/a', { json, headers: { 'If-Match': ifMatch } });

const get = async ({ call }: Pick<TestServer, 'call'>) => (await call('GET', '/pools/a')).body as PoolResponse;

describe.each(WRITES.map((write) => [JSON.stringify(write), write] as const))('If-Match on %s', (title, write) => {
  const done = write[0] === 'DELETE' ? 204 : 200;

  test(`The write ${title} is carried out with the current ETag, with a list that contains it, and with "*"`, async () => {
    const server = await withPool();
    for (const asking of [(tag: string) => tag, (tag: string) => `"x" ,\t${tag},"y"`, () => '*']) {
      await server.call('DELETE', '/pools/a');
      const { body } = await server.call('POST', '/pools', { json: poolNamed('a', { labels: { own: 'x' } }) });
      expect((await server.write(write, asking((body as PoolResponse).etag))).status).toBe(done);
    }
  });

  test(`The write ${title} with another ETag, a weak one, or part of one is a conflict and changes nothing`, async () => {
    const server = await withPool();
    await expect.poll(() => get(server)).toHaveProperty('status.observedGeneration', 1);
    const before = await get(server);
    for (const tag of ['"x"', `W/${before.etag}`, `${before.etag.split('.').slice(0, 2).join('.')}"`]) {
      const refused = await server.write(write, tag);
      expect(refused).toMatchObject(CONFLICT);
      expect((refused.body as { message: string }).message).toContain(before.etag);
    }
    expect(await get(server)).toEqual(before);
  });

  test(`The write ${title} is refused after a change to the specification, and after the pool was deleted and created again`, async () => {
    const server = await withPool();
    await server.call('PATCH', '/pools/a', { json: { template: template('other:1') } });
    expect(await server.write(write, server.created.etag)).toMatchObject(CONFLICT);
    await server.call('DELETE', '/pools/a');
    await server.call('POST', '/pools', { json: poolNamed('a', { labels: { own: 'x' } }) });
    expect(await server.write(write, server.created.etag)).toMatchObject(CONFLICT);
  });

  test(`The write ${title} is not refused because the status has changed`, async () => {
    const server = await withPool(poolNamed('a', { capacitySpec: capacity(1, 2) }));
    await expect.poll(() => get(server)).toHaveProperty('status.available', 1);
    expect((await get(server)).etag).not.toBe(server.created.etag);
    expect((await server.write(write, server.created.etag)).status).toBe(done);
  });
});

test('A write to a pool that does not exist responds with 404, whatever its If-Match', async () => {
  const { call } = await startTestServer();
  const missing = { status: 404, body: { code: 'KUBERNETES::POOL_NOT_FOUND' } };
  for (const write of WRITES)
    for (const ifMatch of ['*', '"x"']) expect(await writerOf({ call })(write, ifMatch)).toMatchObject(missing);
});

test('An If-Match that is neither "*" nor a list of ETags is refused with 422 at the header', async () => {
  const { write } = await withPool();
  const refused = { status: 422, body: { errors: [{ path: ['header', 'If-Match'] }] } };
  for (const each of [PUT, PATCH, DELETE])
    for (const value of ['x', '"x', '', '"x" "y"', '*, "x"', '"a b"', 'W/*', '"x",'])
      expect([value, await write(each, value)]).toMatchObject([value, refused]);
});

describe('A label that another client has changed', () => {
  test.each([
    [PUT, 200],
    [PATCH, 200],
    [DELETE, 204],
    [PUT_LABELS, 412],
    [PATCH_ANNOTATIONS, 412],
    [REMOVE_LABELS, 412],
  ] as const)('After another client has changed a label, %j responds with %i', async (write, status) => {
    const server = await withPool();
    await server.call('PATCH', '/pools/a', { json: { labels: { theirs: 'x' } } });
    expect((await server.write(write, server.created.etag)).status).toBe(status);
    if (status === 200) expect((await get(server)).labels).toMatchObject({ theirs: 'x' });
  });

  test('A label that was changed and changed back causes no conflict', async () => {
    const server = await withPool();
    await server.call('PATCH', '/pools/a', { json: { labels: { theirs: 'x' } } });
    await server.call('PATCH', '/pools/a', { json: { labels: { theirs: null } } });
    expect((await server.write(PUT_LABELS, server.created.etag)).status).toBe(200);
  });
});

test('If-Match accepts the ETag of a pool in a list and the one that a write returned', async () => {
  const server = await withPool();
  const { items } = (await server.call('GET', '/pools')).body as { items: PoolResponse[] };
  const put = await server.write(PUT_LABELS, items[0]?.etag ?? '');
  expect(put.status).toBe(200);
  expect((await server.write(PATCH_ANNOTATIONS, put.headers.get('ETag') ?? '')).status).toBe(200);
});

test('If-Match is checked before the rules of the patched pool, but after those of the request', async () => {
  const { write } = await withPool();
  expect(await write(['PATCH', { capacitySpec: { bufferMin: 99 } }], '"x"')).toMatchObject(CONFLICT);
  expect(await write(['PATCH', { capacitySpec: { bufferMin: -1 } }], '"x"')).toMatchObject({ status: 422 });
});

describe('Preconditions over tRPC', () => {
  test.each([
    ['update', { capacitySpec: capacity(0, 7) }],
    ['patch', { labels: { x: 'y' } }],
    ['delete', {}],
  ])('Over tRPC, %s accepts the precondition as ifMatch', async (operation, input) => {
    const { call, created } = await withPool();
    const mutate = (ifMatch: unknown) =>
      call('POST', `/trpc/pools.${operation}`, { json: { name: 'a', ifMatch, ...input } });
    expect(await mutate('"x"')).toMatchObject({
      status: 412,
      body: { error: { data: { code: 'POOL::VERSION_CONFLICT' } } },
    });
    for (const malformed of ['x', 3, null])
      expect(await mutate(malformed)).toMatchObject({
        status: 422,
        body: { error: { data: { errors: [{ path: ['ifMatch'] }] } } },
      });
    expect((await mutate(created.etag)).status).toBe(200);
  });
});
