// Unusual HTTP requests: routes, methods, media types, sizes, encodings.
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { exchange } from '../support/exchange.ts';
import { capacity, poolNamed } from '../support/pools.ts';
import { API_KEY, startTestServer } from '../support/test-server.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

describe('Routes and methods', () => {
  test.each(['/', '/nowhere', '/POOLS', '/v1', '/v1/health', '/v2/pools', '/pools/a/b/c', '/pools/a/MEMBERS'])(
    'The unknown route %s responds with 404 REQUEST::NOT_FOUND',
    async (route) => {
      const { call } = await startTestServer();
      expect((await call('GET', route)).body).toMatchObject({ code: 'REQUEST::NOT_FOUND' });
    },
  );

  test.each([
    ['PATCH', '/pools', 'POST, GET, HEAD'],
    ['OPTIONS', '/v1/pools', 'POST, GET, HEAD'],
    ['POST', '/pools/a', 'GET, HEAD, PUT, PATCH, DELETE'],
    ['DELETE', '/pools/a/members', 'GET, HEAD'],
    ['POST', '/health', 'GET, HEAD'],
    ['PUT', '/ready', 'GET, HEAD'],
    ['POST', '/metrics', 'GET, HEAD'],
  ])('%s %s responds with 405 and lists the methods', async (method, route, allow) => {
    const { call } = await startTestServer();
    const answer = await call(method, route, { body: method === 'OPTIONS' ? null : '{' });
    expect([answer.status, answer.headers.get('Allow')]).toEqual([405, allow]);
    const message = `${method} is not allowed on this route. Allowed: ${allow}.`;
    expect(answer.body).toMatchObject({ message });
  });

  test('HEAD responds as GET does, without a body', async () => {
    const { call } = await startTestServer();
    await call('POST', '/pools', { json: poolNamed('a') });
    const get = await call('GET', '/pools/a');
    const head = await call('HEAD', '/pools/a');
    expect([head.status, head.text, head.headers.get('Content-Length')]).toEqual([200, '', String(get.text.length)]);
    expect((await call('HEAD', '/pools/b')).status).toBe(404);
  });

  test.each(['a%2Fb', '%00', '..%2F..', '%F0%9F%92%A9', 'A', '-', 'x'.repeat(300)])(
    'A pool with the invalid name %s is not found',
    async (name) => {
      const { call } = await startTestServer();
      expect((await call('GET', `/pools/${name}`)).body).toMatchObject({ code: 'KUBERNETES::POOL_NOT_FOUND' });
    },
  );

  test('A percent-encoded name is decoded', async () => {
    const { call } = await startTestServer();
    await call('POST', '/pools', { json: poolNamed('a-b') });
    expect((await call('GET', '/pools/a%2Db')).body).toMatchObject({ name: 'a-b' });
  });

  test.each(['/pools/%', '/pools/%zz', '/v1/pools/%ff'])(
    'A request for %s, with invalid percent-encoding, is refused with 400',
    async (route) => {
      const { call } = await startTestServer();
      expect((await call('GET', route)).body).toMatchObject({ code: 'REQUEST::MALFORMED' });
    },
  );

  test('Only configured origins get CORS headers, and their preflight needs no key', async () => {
    const origin = 'https://dashboard.example';
    const { call } = await startTestServer({
      config: (config) => ({ ...config, server: { ...config.server, corsOrigins: [origin] } }),
    });
    const other = await call('GET', '/pools', { headers: { Origin: 'https://evil.example' } });
    expect(other.headers.get('Access-Control-Allow-Origin')).toBeNull();
    const preflight = await call('OPTIONS', '/pools', {
      key: null,
      headers: { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x' },
    });
    expect([preflight.status, preflight.headers.get('Access-Control-Allow-Origin')]).toEqual([204, origin]);
    const answer = await call('GET', '/pools', { headers: { Origin: origin } });
    expect(answer.headers.get('Access-Control-Expose-Headers')).toBe(
      'ETag, Location, Age, X-Request-ID, Retry-After, Idempotency-Replayed',
    );
  });
});

describe('The API key', () => {
  test.each([
    [[API_KEY, API_KEY], 200],
    [[API_KEY, 'wrong'], 401],
    [['wrong', API_KEY], 401],
    [['wrong', 'wrong'], 401],
    [[API_KEY, ''], 401],
  ])('The API key sent as %j leads to status %i', async (keys, status) => {
    const { url } = await startTestServer();
    const lines = keys.map((key) => `OPEN-SANDBOX-API-KEY: ${key}\r\n`).join('');
    expect(await exchange(url, `GET /pools HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n`)).toMatch(
      new RegExp(`^HTTP/1.1 ${status} `),
    );
  });
});

describe('The order of checks', () => {
  test('The route and the method are checked before the body', async () => {
    const { call } = await startTestServer();
    expect((await call('POST', '/nowhere', { body: '{', headers: { 'Content-Type': 'text/plain' } })).status).toBe(404);
    expect((await call('PUT', '/pools', { body: '{', headers: JSON_TYPE })).status).toBe(405);
  });

  test('The media type is checked first, then size and JSON, then the fields, then existence', async () => {
    const { call } = await startTestServer();
    const put = (body: string, type: string) => call('PUT', '/pools/a', { body, headers: { 'Content-Type': type } });
    expect((await put('{', 'text/plain')).status).toBe(415);
    expect((await put('{', 'application/json')).status).toBe(400);
    expect((await put('{}', 'application/json')).status).toBe(422);
    expect((await put(JSON.stringify({ capacitySpec: capacity() }), 'application/json')).status).toBe(404);
  });

  test('Existence is checked before the rules of the patched pool', async () => {
    const { call } = await startTestServer();
    expect((await call('PATCH', '/pools/a', { json: { capacitySpec: null } })).status).toBe(404);
  });
});

describe('Bodies', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json; charset=utf8',
    'application/json; charset="unicode-1-1-utf-8"',
    'application/vnd.api+json',
    'APPLICATION/JSON',
  ])('POST accepts %s', async (type) => {
    const { call } = await startTestServer();
    const answer = await call('POST', '/pools', { json: poolNamed('a'), headers: { 'Content-Type': type } });
    expect(answer.status).toBe(201);
  });

  test.each([
    ['POST', 'text/plain'],
    ['POST', 'application/x-www-form-urlencoded'],
    ['POST', 'application/json; charset=latin1'],
    ['POST', 'application/json; charset=utf-16le'],
    ['POST', 'application/json; charset=nonsense'],
    ['POST', 'json'],
    ['PATCH', 'application/json-patch+json'],
    ['PATCH', 'application/vnd.api+json'],
  ])('%s refuses %s with 415', async (method, type) => {
    const { call } = await startTestServer();
    const answer = await call(method, method === 'POST' ? '/pools' : '/pools/a', {
      json: {},
      headers: { 'Content-Type': type },
    });
    expect(answer.body).toMatchObject({ code: 'REQUEST::UNSUPPORTED_MEDIA_TYPE' });
    expect(answer.headers.get('Accept-Patch')).toBe(
      method === 'PATCH' ? 'application/merge-patch+json, application/json' : null,
    );
  });

  test('A body without a media type, or with an encoding, is refused with 415', async () => {
    const { call } = await startTestServer();
    const body = new TextEncoder().encode('{}');
    expect((await call('POST', '/pools', { body })).status).toBe(415);
    expect((await call('POST', '/pools', { body, headers: { ...JSON_TYPE, 'Content-Encoding': 'gzip' } })).status).toBe(
      415,
    );
  });

  test.each([
    ['cut off', '{"name":'],
    ['white space only', '  '],
    ['a trailing comma', '{"name":"a",}'],
    ['two values', '{} {}'],
    ['a bare NUL', '{"name":"a\0"}'],
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['an overlong NUL', new Uint8Array([0x22, 0xc0, 0x80, 0x22])],
    ['nested 101 deep', `${'['.repeat(101)}${']'.repeat(101)}`],
    ['nested half a million deep', '['.repeat(500_000)],
    ['nested 100 000 deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ])('A malformed body (%s) is refused with 400 REQUEST::MALFORMED, over REST and tRPC', async (_what, body) => {
    const { call } = await startTestServer();
    expect((await call('POST', '/pools', { body, headers: JSON_TYPE })).body).toMatchObject({
      code: 'REQUEST::MALFORMED',
    });
    expect((await call('POST', '/trpc/pools.create', { body, headers: JSON_TYPE })).body).toMatchObject({
      error: { data: { code: 'REQUEST::MALFORMED', httpStatus: 400 } },
    });
  });

  test('A body that nests 100 levels deep is read', async () => {
    const { call } = await startTestServer();
    const answer = await call('POST', '/pools', { body: `${'['.repeat(100)}${']'.repeat(100)}`, headers: JSON_TYPE });
    expect(answer.status).toBe(422);
  });

  test('A body of 1 MiB is read, and one byte more is refused with 413', async () => {
    const { call } = await startTestServer();
    const post = (bytes: number) => call('POST', '/pools', { body: `"${'x'.repeat(bytes - 2)}"`, headers: JSON_TYPE });
    expect((await post(1_048_576)).status).toBe(422);
    expect((await post(1_048_577)).status).toBe(413);
  });

  test.each(['/pools', '/trpc/pools.create'])(
    'Each of many clients that send 3 MiB to %s receives 413',
    async (route) => {
      const { call } = await startTestServer();
      const body = 'x'.repeat(3 * 1_048_576);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => call('POST', route, { body, headers: JSON_TYPE })),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 413));
    },
  );

  test('A client that sends 30 MiB receives 413, and the connection is closed', async () => {
    const { url } = await startTestServer();
    // Half-open: this client keeps sending after the server has stopped.
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), allowHalfOpen: true });
    socket.on('error', () => undefined);
    socket.write(
      `POST /pools HTTP/1.1\r\nHost: x\r\nOPEN-SANDBOX-API-KEY: ${API_KEY}\r\nContent-Type: application/json\r\nContent-Length: ${30 * 1_048_576}\r\n\r\n`,
    );
    let answer = '';
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    const chunk = Buffer.alloc(65_536, 'x');
    const send = () => {
      while (socket.writable && socket.write(chunk));
      if (socket.writable) socket.once('drain', send);
    };
    send();
    await closed;
    expect(answer).toContain('HTTP/1.1 413');
  });

  test('A client that disconnects in the middle of its body affects no other', async () => {
    const server = await startTestServer();
    const { port } = new URL(server.url);
    await new Promise((resolve) => {
      const request = httpRequest({
        port,
        method: 'POST',
        path: '/pools',
        headers: { 'OPEN-SANDBOX-API-KEY': API_KEY, 'Content-Type': 'application/json', 'Content-Length': 100 },
      });
      request.on('error', resolve);
      request.write('{"name"', () => request.destroy());
    });
    expect((await server.call('GET', '/pools')).text).toBe('{"items":[]}');
  });
});
