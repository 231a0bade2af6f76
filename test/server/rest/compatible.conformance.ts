// What an existing client of OpenSandbox's pool API relies on (docs/compatibility.md). Runs over any runtime.
import { describe, expect, test } from 'vitest';
import { capacity, poolNamed, template } from '../../support/pools.ts';
import type { TestServer } from '../../support/test-server.ts';

export const describeCompatibility = (start: () => Promise<TestServer>): void => {
  describe.each(['', '/v1'])('Routes under "%s"', (base) => {
    test('POST creates a pool and responds with 201', async () => {
      const { call } = await start();
      const answer = await call('POST', `${base}/pools`, {
        json: { name: 'agents', template: template(), capacitySpec: capacity() },
      });
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({ name: 'agents', capacitySpec: capacity() });
      expect(answer.body).toHaveProperty('createdAt', expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/));
    });

    test('GET lists pools by name, and gets one', async () => {
      const { call } = await start();
      for (const name of ['b', 'a', 'c']) await call('POST', `${base}/pools`, { json: poolNamed(name) });
      expect((await call('GET', `${base}/pools`)).body).toMatchObject({
        items: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
      });
      expect((await call('GET', `${base}/pools/b`)).body).toMatchObject({ name: 'b', capacitySpec: capacity(0, 0) });
    });

    test('An empty list has an empty array of items', async () => {
      const { call } = await start();
      const answer = await call('GET', `${base}/pools`);
      expect(answer.text).toBe('{"items":[]}');
    });

    test('PUT with a capacity changes nothing else', async () => {
      const { call } = await start();
      await call('POST', `${base}/pools`, { json: poolNamed('agents') });
      const answer = await call('PUT', `${base}/pools/agents`, { json: { capacitySpec: capacity(2, 4, 1, 8) } });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ capacitySpec: capacity(2, 4, 1, 8), template: template() });
    });

    test('DELETE responds with 204 without a body, and the pool no longer exists', async () => {
      const { call } = await start();
      await call('POST', `${base}/pools`, { json: poolNamed('agents') });
      const answer = await call('DELETE', `${base}/pools/agents`);
      expect(answer).toMatchObject({ status: 204, text: '' });
      expect(answer.headers.get('Content-Type')).toBeNull();
      expect((await call('GET', `${base}/pools/agents`)).status).toBe(404);
    });

    test.each([
      ['GET', undefined],
      ['PUT', { capacitySpec: capacity() }],
      ['DELETE', undefined],
    ])('%s of a pool that does not exist responds with 404 POOL_NOT_FOUND', async (method, json) => {
      const { call } = await start();
      const answer = await call(method, `${base}/pools/nothing`, { json });
      expect(answer.status).toBe(404);
      expect(answer.body).toMatchObject({ code: 'KUBERNETES::POOL_NOT_FOUND' });
    });

    test('POST of a name that exists responds with 409 POOL_ALREADY_EXISTS', async () => {
      const { call } = await start();
      await call('POST', `${base}/pools`, { json: poolNamed('agents') });
      const answer = await call('POST', `${base}/pools`, { json: poolNamed('agents') });
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({ code: 'KUBERNETES::POOL_ALREADY_EXISTS' });
    });

    test.each([
      ['without a name', { template: template(), capacitySpec: capacity() }],
      ['with an upper-case letter in the name', poolNamed('Agents')],
      ['with a name that ends in a dash', poolNamed('agents-')],
      ['without a capacity', { name: 'agents', template: template() }],
      ['without a template', { name: 'agents', capacitySpec: capacity() }],
      ['with a negative number', poolNamed('agents', { capacitySpec: { ...capacity(), bufferMin: -1 } })],
      ['with a number as text', poolNamed('agents', { capacitySpec: { ...capacity(), bufferMin: '1' } })],
    ])('POST %s responds with 422', async (_what, json) => {
      const { call } = await start();
      const answer = await call('POST', `${base}/pools`, { json });
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ code: 'REQUEST::INVALID' });
      expect((await call('GET', `${base}/pools`)).text).toBe('{"items":[]}');
    });
  });

  test('3.0 is accepted as the integer 3', async () => {
    const { call } = await start();
    const body = JSON.stringify(poolNamed('agents')).replace('"poolMax":10', '"poolMax":3.0');
    const answer = await call('POST', '/pools', { body, headers: { 'Content-Type': 'application/json' } });
    expect(answer.body).toMatchObject({ capacitySpec: { poolMax: 3 } });
  });

  test('A request without a key is refused with 401 MISSING_API_KEY, whatever its route and method', async () => {
    const { call } = await start();
    for (const route of ['/pools', '/v1/pools/x', '/nowhere', '/healthzzz', '/health/', '/docsx', '/metrics'])
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const answer = await call(method, route, { key: null });
        expect([route, method, answer.status, answer.body]).toMatchObject([
          route,
          method,
          401,
          { code: 'MISSING_API_KEY' },
        ]);
      }
    expect((await call('GET', '/pools', { key: '' })).body).toMatchObject({ code: 'MISSING_API_KEY' });
  });

  test('A wrong key is refused with 401 INVALID_API_KEY', async () => {
    const { call } = await start();
    const answer = await call('GET', '/pools', { key: 'wrong' });
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: 'INVALID_API_KEY' });
  });

  test('GET /health requires no key', async () => {
    const { call } = await start();
    const answer = await call('GET', '/health', { key: null });
    expect([answer.status, answer.text]).toEqual([200, '{"status":"healthy"}']);
  });

  test('A response has the request id that the caller sent', async () => {
    const { call } = await start();
    const answer = await call('GET', '/pools', { headers: { 'X-Request-ID': 'abc-123' } });
    expect(answer.headers.get('X-Request-ID')).toBe('abc-123');
  });

  test.each([
    ['is missing', {}],
    ['is too long', { 'X-Request-ID': 'x'.repeat(129) }],
    ['has a space inside', { 'X-Request-ID': 'a b' }],
    ['is not ASCII', { 'X-Request-ID': 'é' }],
  ])('A request id that %s is replaced by 32 hexadecimal digits', async (_how, headers) => {
    const { call } = await start();
    const answer = await call('GET', '/pools', { headers });
    expect(answer.headers.get('X-Request-ID')).toMatch(/^[0-9a-f]{32}$/);
  });
};
