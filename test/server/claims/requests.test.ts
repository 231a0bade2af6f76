// Requests for claims that break the contract, or that a runtime without claims refuses.
import { describe, expect, test } from 'vitest';
import { startTestServer } from '../../support/test-server.ts';

type Violations = { errors: { path: (string | number)[]; message: string }[] };

const pathsOf = (body: unknown) => (body as Violations).errors.map(({ path }) => path);

const withoutClaims = () => startTestServer({ config: (config) => ({ ...config, runtime: 'docker' }) });

describe('a request that breaks the contract', () => {
  test('A request for a claim reports all violations at once, each with its own path', async () => {
    const { call } = await startTestServer();
    const answer = await call('POST', '/v1/pools/a/claims', {
      json: { ttlSeconds: 0, waitSeconds: 301, labels: { 'a b': 'x' }, name: 'b', ttl: 1 },
    });
    expect(answer.status).toBe(422);
    expect(pathsOf(answer.body).sort()).toEqual([
      ['labels', 'a b'],
      ['name'],
      ['ttl'],
      ['ttlSeconds'],
      ['waitSeconds'],
    ]);
  });

  test.each(['"3"', 'true', 'null', '""', '[]', '3.5', '-1', '604801'])(
    '%s is refused as ttlSeconds, over REST and tRPC',
    async (bad) => {
      const { call } = await startTestServer();
      const headers = { 'Content-Type': 'application/json' };
      for (const route of ['/v1/pools/a/claims', '/v1/claims/c/renew']) {
        const answer = await call('POST', route, { body: `{"ttlSeconds":${bad}}`, headers });
        expect([answer.status, pathsOf(answer.body)]).toEqual([422, [['ttlSeconds']]]);
      }
      const trpc = await call('POST', '/trpc/claims.create', { body: `{"name":"a","ttlSeconds":${bad}}`, headers });
      expect([trpc.status, trpc.body]).toMatchObject([
        422,
        { error: { data: { errors: [{ path: ['ttlSeconds'] }] } } },
      ]);
    },
  );

  test('More than 64 labels, or more than 16 KiB of them, are refused', async () => {
    const { call } = await startTestServer();
    const labels = (count: number, prefix: string) =>
      Object.fromEntries(Array.from({ length: count }, (_none, index) => [`${prefix}${index}`, 'x'.repeat(63)]));
    const request = async (given: object) =>
      (await call('POST', '/v1/pools/a/claims', { json: { labels: given } })).body;
    expect(await request(labels(65, 'k'))).toMatchObject({
      errors: [{ path: ['labels'], message: 'must have at most 64 entries' }],
    });
    const long = `${Array(4).fill('a'.repeat(60)).join('.')}/k`;
    expect(await request(labels(64, long))).toMatchObject({
      errors: [{ path: ['labels'], message: 'must have at most 16384 bytes of keys and values' }],
    });
  });

  test.each([
    ['POST', '/v1/pools/a/claims?dryRun=true', {}, ['query', 'dryRun']],
    ['POST', '/v1/pools/a/claims', { 'If-Match': '*' }, ['header', 'If-Match']],
    ['POST', '/v1/pools/a/claims', { 'Idempotency-Key': 'a b' }, ['header', 'Idempotency-Key']],
    ['GET', '/v1/pools/a/claims?limit=1001', {}, ['query', 'limit']],
    ['GET', '/v1/claims?limit=0', {}, ['query', 'limit']],
    ['GET', '/v1/claims?state=ended', {}, ['query', 'state']],
    ['GET', '/v1/claims?name=a', {}, ['query', 'name']],
    ['GET', '/v1/claims?labelSelector=a%20b', {}, ['query', 'labelSelector']],
    ['GET', '/v1/claims?continue=', {}, ['query', 'continue']],
    ['POST', '/v1/claims/c/renew', { 'Idempotency-Key': 'k' }, ['header', 'Idempotency-Key']],
    ['POST', '/v1/claims/c/renew', { 'If-Match': '*' }, ['header', 'If-Match']],
    ['DELETE', '/v1/claims/c?dryRun=true', {}, ['query', 'dryRun']],
    ['DELETE', '/v1/claims/c', { 'If-Match': '*' }, ['header', 'If-Match']],
    ['DELETE', '/v1/pools/a/members/m?force=1', {}, ['query', 'force']],
    ['DELETE', '/v1/pools/a/members/m?dryRun=true', {}, ['query', 'dryRun']],
  ] as const)('%s %s with the headers %j is refused at %j', async (method, route, headers, path) => {
    const { call } = await startTestServer();
    const answer = await call(method, route, { headers });
    expect([answer.status, pathsOf(answer.body)]).toEqual([422, [path]]);
  });

  test('waitSeconds is refused in a tRPC batch', async () => {
    const { call } = await withoutClaims();
    const json = { 0: { name: 'a', waitSeconds: 1 }, 1: { name: 'a' } };
    const answer = await call('POST', '/trpc/claims.create,claims.create?batch=1', { json });
    expect(answer.body).toMatchObject([
      { error: { data: { code: 'REQUEST::INVALID', errors: [{ path: ['waitSeconds'] }] } } },
      { error: { data: { code: 'KUBERNETES::POOL_NOT_SUPPORTED' } } },
    ]);
    const single = await call('POST', '/trpc/claims.create', { json: { name: 'a', waitSeconds: 1 } });
    expect(single.status).toBe(501);
  });
});

describe('a body that may be absent', () => {
  test.each(['/v1/pools/a/claims', '/v1/claims/c/renew'])(
    'POST %s needs no body and no Content-Type',
    async (route) => {
      const { call } = await withoutClaims();
      // A runtime without claims refuses a request only after all of it was validated.
      expect((await call('POST', route)).status).toBe(501);
      expect((await call('POST', route, { body: '', headers: { 'Content-Type': 'text/plain' } })).status).toBe(501);
      expect((await call('POST', route, { json: {} })).status).toBe(501);
    },
  );

  test.each([
    ['another media type', '{}', 'text/plain', 415],
    ['malformed JSON', '{', 'application/json', 400],
    ['an array', '[]', 'application/json', 422],
    ['null', 'null', 'application/json', 422],
  ])('A body with %s is refused where it may be absent', async (_what, body, type, status) => {
    const { call } = await withoutClaims();
    const answer = await call('POST', '/v1/pools/a/claims', { body, headers: { 'Content-Type': type } });
    expect(answer.status).toBe(status);
  });
});

describe('routes', () => {
  test.each([
    ['POST', '/pools/a/claims'],
    ['GET', '/claims'],
    ['GET', '/claims/c'],
    ['DELETE', '/pools/a/members/m'],
    ['GET', '/v1/claims/c/renew/x'],
  ])('%s %s is not a route: claims are served below /v1 only', async (method, route) => {
    const { call } = await startTestServer();
    expect((await call(method, route)).body).toMatchObject({ code: 'REQUEST::NOT_FOUND' });
  });

  test.each([
    ['PUT', '/v1/pools/a/claims', 'POST, GET, HEAD'],
    ['POST', '/v1/claims', 'GET, HEAD'],
    ['PATCH', '/v1/claims/c', 'GET, HEAD, DELETE'],
    ['GET', '/v1/claims/c/renew', 'POST'],
    ['GET', '/v1/pools/a/members/m', 'DELETE'],
  ])('%s %s is refused with the methods of the route', async (method, route, allowed) => {
    const { call } = await startTestServer();
    const answer = await call(method, route);
    expect([answer.status, answer.headers.get('Allow')]).toEqual([405, allowed]);
  });

  test('Claims require the key', async () => {
    const { call } = await startTestServer();
    for (const route of ['/v1/claims', '/v1/pools/a/claims'])
      expect((await call('GET', route, { key: null })).status).toBe(401);
  });
});
