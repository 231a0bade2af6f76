// The router over tRPC: a typed client, and the domain code in every error, even before a procedure is called.
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client';
import { describe, expect, test } from 'vitest';
import type { AppRouter } from '../../../src/router/app-router.ts';
import { API_KEY_HEADER } from '../../../src/contract/limits.ts';
import { capacity, poolNamed } from '../../support/pools.ts';
import { API_KEY, startTestServer } from '../../support/test-server.ts';

const withClient = async (key = API_KEY) => {
  const server = await startTestServer();
  const client = createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url: `${server.url}/trpc`, headers: { [API_KEY_HEADER]: key } })],
  });
  return { ...server, client };
};

const failureOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TRPCClientError)) throw new Error('The call did not fail.');
  return error as TRPCClientError<AppRouter>;
};

describe('A typed client', () => {
  test('A typed client creates, reads, changes and deletes a pool', async () => {
    const { client } = await withClient();
    await client.pools.create.mutate(poolNamed('a'));
    expect((await client.pools.list.query()).items.map(({ name }) => name)).toEqual(['a']);
    expect(await client.pools.get.query({ name: 'a', view: 'basic' })).not.toHaveProperty('template');
    await client.pools.update.mutate({ name: 'a', capacitySpec: capacity(0, 4) });
    const patched = await client.pools.patch.mutate({ name: 'a', labels: { x: 'y' } });
    expect(patched).toMatchObject({ capacitySpec: { bufferMax: 4 }, labels: { x: 'y' } });
    expect((await client.pools.members.query({ name: 'a' })).items).toEqual([]);
    await client.pools.delete.mutate({ name: 'a', force: true });
    expect((await client.pools.list.query({})).items).toEqual([]);
  });

  test('A typed client receives the domain code, the status and the request id of an error', async () => {
    const { client } = await withClient();
    const error = await failureOf(client.pools.get.query({ name: 'nothing' }));
    expect(error.data).toEqual({
      code: 'KUBERNETES::POOL_NOT_FOUND',
      httpStatus: 404,
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
  });

  test('A typed client receives every violation', async () => {
    const { client } = await withClient();
    const error = await failureOf(client.pools.create.mutate({ ...poolNamed('A'), capacitySpec: capacity(2, 1) }));
    expect(error.data).toMatchObject({
      code: 'REQUEST::INVALID',
      httpStatus: 422,
      errors: [{ path: ['name'] }, { path: ['capacitySpec', 'bufferMin'] }],
    });
  });

  test('A typed client with a wrong key receives INVALID_API_KEY', async () => {
    const { client } = await withClient('wrong');
    expect((await failureOf(client.pools.list.query())).data).toMatchObject({
      code: 'INVALID_API_KEY',
      httpStatus: 401,
    });
  });
});

describe('An error before the procedure is called', () => {
  const json = { 'Content-Type': 'application/json' };
  const batch = (calls: number) =>
    `/trpc/${Array.from({ length: calls }, () => 'pools.list').join(',')}?batch=1&input=${encodeURIComponent('{}')}`;
  const deep = encodeURIComponent(`${'['.repeat(101)}${']'.repeat(101)}`);

  test.each([
    ['A call without a key', 'GET', '/trpc/pools.list', { key: null }, 401, 'MISSING_API_KEY'],
    ['An unknown procedure', 'GET', '/trpc/pools.nothing', {}, 404, 'REQUEST::NOT_FOUND'],
    ['A path without a procedure', 'GET', '/trpc', {}, 404, 'REQUEST::NOT_FOUND'],
    ['An unsupported method', 'PUT', '/trpc/pools.list', {}, 405, 'REQUEST::METHOD_NOT_ALLOWED'],
    ['A query by POST', 'POST', '/trpc/pools.list', { body: '{}', headers: json }, 405, 'REQUEST::METHOD_NOT_ALLOWED'],
    ['A mutation by GET', 'GET', '/trpc/pools.delete?input=%7B%7D', {}, 405, 'REQUEST::METHOD_NOT_ALLOWED'],
    [
      'Another media type',
      'POST',
      '/trpc/pools.create',
      { body: 'x', headers: { 'Content-Type': 'text/plain' } },
      415,
      'REQUEST::UNSUPPORTED_MEDIA_TYPE',
    ],
    ['Malformed input', 'GET', '/trpc/pools.get?input=%7B', {}, 400, 'REQUEST::MALFORMED'],
    ['An invalid escape', 'GET', '/trpc/pools.get?input=%7B%22%5Cx%22:1%7D', {}, 400, 'REQUEST::MALFORMED'],
    ['Input that is too deep', 'GET', `/trpc/pools.get?input=${deep}`, {}, 400, 'REQUEST::MALFORMED'],
    ['Missing input', 'GET', '/trpc/pools.get', {}, 422, 'REQUEST::INVALID'],
    ['Empty input', 'GET', '/trpc/pools.get?input=', {}, 422, 'REQUEST::INVALID'],
    ['A path before a procedure', 'GET', '/trpc/x/pools.list', {}, 404, 'REQUEST::NOT_FOUND'],
    ['An empty path before a procedure', 'GET', '/trpc//pools.list', {}, 404, 'REQUEST::NOT_FOUND'],
    [
      'A precondition as a header',
      'GET',
      '/trpc/pools.list',
      { headers: { 'If-Match': '*' } },
      422,
      'REQUEST::INVALID',
    ],
    ['A subscription in a batch', 'GET', '/trpc/pools.list,pools.watch?batch=1', {}, 400, 'REQUEST::MALFORMED'],
    ['A batch of 51 calls', 'GET', batch(51), {}, 400, 'REQUEST::MALFORMED'],
    ['Invalid percent-encoding', 'GET', '/trpc/%zz', {}, 400, 'REQUEST::MALFORMED'],
  ] as const)('%s is refused in the envelope of tRPC', async (_what, method, route, call, status, code) => {
    const server = await startTestServer();
    const answer = await server.call(method, route, call);
    expect([answer.status, answer.body]).toMatchObject([
      status,
      {
        error: {
          code: expect.any(Number) as number,
          message: expect.any(String) as string,
          data: { code, httpStatus: status, requestId: answer.headers.get('X-Request-ID') },
        },
      },
    ]);
    expect(answer.text).not.toMatch(/stack|node_modules|\.ts/);
  });

  test('HEAD of a subscription responds and ends', async () => {
    const { call } = await startTestServer();
    expect(await call('HEAD', '/trpc/pools.watch')).toMatchObject({ status: 200, text: '' });
  });

  test('A batch of 50 calls succeeds', async () => {
    const { call } = await startTestServer();
    expect((await call('GET', batch(50))).status).toBe(200);
  });
});

test('Invalid values are refused over tRPC before and after REST calls', async () => {
  const { client, call } = await withClient();
  for (const _round of [1, 2]) {
    for (const bad of [null, '', '3', true, [], [3]]) {
      const input = poolNamed('a', { capacitySpec: { ...capacity(), poolMax: bad } });
      const error = await failureOf(client.pools.create.mutate(input));
      expect([bad, error.data?.code]).toEqual([bad, 'REQUEST::INVALID']);
      expect((await call('POST', '/pools', { json: input })).status).toBe(422);
    }
  }
});

describe('The checks before a procedure', () => {
  const patchInput = { name: 'a', labels: { x: 'y' } };
  test.each([
    ['A missing body', 'POST', '/trpc/pools.patch', undefined, 422, 'REQUEST::INVALID'],
    ['An unknown query parameter', 'GET', '/trpc/pools.get?connectionParams=x', undefined, 422, 'REQUEST::INVALID'],
    ['A repeated input', 'GET', '/trpc/pools.list?input=1&input=2', undefined, 422, 'REQUEST::INVALID'],
    [
      'A repeated field',
      'GET',
      '/trpc/pools.get?input=%7B%22name%22%3A1%2C%22name%22%3A2%7D',
      undefined,
      422,
      'REQUEST::INVALID',
    ],
    [
      'A batch of queries and mutations',
      'POST',
      '/trpc/pools.list,pools.create?batch=1',
      {},
      400,
      'REQUEST::MALFORMED',
    ],
    ['A query by POST', 'POST', '/trpc/pools.get', { name: 'a' }, 405, 'REQUEST::METHOD_NOT_ALLOWED'],
    ['A mutation by GET', 'GET', '/trpc/pools.create', undefined, 405, 'REQUEST::METHOD_NOT_ALLOWED'],
  ])('%s is refused with the request id', async (_what, method, route, json, status, code) => {
    const { call } = await startTestServer();
    const answer = await call(method, route, { json });
    const requestId = answer.headers.get('X-Request-ID');
    expect(answer.body).toMatchObject({ error: { data: { code, httpStatus: status, requestId } } });
    if (status === 405) expect(answer.headers.get('Allow')).toBe(method === 'GET' ? 'POST' : 'GET, HEAD');
  });

  test.each(['application/merge-patch+json', 'application/vnd.x+json; charset=utf-8'])(
    '%s is read as JSON',
    async (type) => {
      const { call } = await startTestServer();
      await call('POST', '/pools', { json: poolNamed('a') });
      const answer = await call('POST', '/trpc/pools.patch', { json: patchInput, headers: { 'Content-Type': type } });
      expect(answer.body).toMatchObject({ result: { data: { labels: { x: 'y' } } } });
    },
  );

  test('A query without a body succeeds whatever its Content-Type', async () => {
    const { call } = await startTestServer();
    const headers = { 'Content-Type': 'multipart/form-data' };
    expect((await call('GET', '/trpc/pools.list', { headers })).status).toBe(200);
  });

  test('HEAD over tRPC responds as GET does', async () => {
    const { call } = await startTestServer();
    expect((await call('HEAD', '/trpc/nope')).status).toBe(404);
    expect(await call('HEAD', '/trpc/pools.list')).toMatchObject({ status: 200, text: '' });
  });
});
