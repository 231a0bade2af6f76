// Requests that are odd as HTTP: routes, methods, media types, sizes, encodings.
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { capacity, poolNamed } from '../support/pools.ts';
import { API_KEY, startTestServer } from '../support/test-server.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

describe('routes and methods', () => {
  test.each(['/', '/nowhere', '/POOLS', '/v1', '/v1/health', '/v2/pools', '/pools/a/b/c', '/pools/a/MEMBERS'])(
    'the unknown route %s answers 404 REQUEST::NOT_FOUND',
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
  ])('%s %s answers 405 and names the methods', async (method, route, allow) => {
    const { call } = await startTestServer();
    const answer = await call(method, route, { body: method === 'OPTIONS' ? null : '{' });
    expect([answer.status, answer.headers.get('Allow')]).toEqual([405, allow]);
  });

  test('HEAD answers as GET without a body', async () => {
    const { call } = await startTestServer();
    await call('POST', '/pools', { json: poolNamed('a') });
    const get = await call('GET', '/pools/a');
    const head = await call('HEAD', '/pools/a');
    expect([head.status, head.text, head.headers.get('Content-Length')]).toEqual([200, '', String(get.text.length)]);
    expect((await call('HEAD', '/pools/b')).status).toBe(404);
  });

  test.each(['a%2Fb', '%00', '..%2F..', '%F0%9F%92%A9', 'A', '-', 'x'.repeat(300)])(
    'a name that cannot be, %s, is simply not found',
    async (name) => {
      const { call } = await startTestServer();
      expect((await call('GET', `/pools/${name}`)).body).toMatchObject({ code: 'KUBERNETES::POOL_NOT_FOUND' });
    },
  );

  test('a percent-encoded name is decoded', async () => {
    const { call } = await startTestServer();
    await call('POST', '/pools', { json: poolNamed('a-b') });
    expect((await call('GET', '/pools/a%2Db')).body).toMatchObject({ name: 'a-b' });
  });

  test.each(['/pools/%', '/pools/%zz', '/v1/pools/%ff'])(
    'the broken percent encoding of %s answers 400',
    async (route) => {
      const { call } = await startTestServer();
      expect((await call('GET', route)).body).toMatchObject({ code: 'REQUEST::MALFORMED' });
    },
  );

  test('an origin that is not configured gets no CORS headers; one that is may call, and preflight needs no key', async () => {
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
    const call1 = await call('GET', '/pools', { headers: { Origin: origin } });
    expect(call1.headers.get('Access-Control-Expose-Headers')).toContain('X-Request-ID');
  });
});

describe('the order of checks', () => {
  test('route and method come before the body', async () => {
    const { call } = await startTestServer();
    expect((await call('POST', '/nowhere', { body: '{', headers: { 'Content-Type': 'text/plain' } })).status).toBe(404);
    expect((await call('PUT', '/pools', { body: '{', headers: JSON_TYPE })).status).toBe(405);
  });

  test('media type, then size and JSON, then validation, then existence', async () => {
    const { call } = await startTestServer();
    const put = (body: string, type: string) => call('PUT', '/pools/a', { body, headers: { 'Content-Type': type } });
    expect((await put('{', 'text/plain')).status).toBe(415);
    expect((await put('{', 'application/json')).status).toBe(400);
    expect((await put('{}', 'application/json')).status).toBe(422);
    expect((await put(JSON.stringify({ capacitySpec: capacity() }), 'application/json')).status).toBe(404);
  });

  test('existence comes before the rules of the patched pool', async () => {
    const { call } = await startTestServer();
    expect((await call('PATCH', '/pools/a', { json: { capacitySpec: null } })).status).toBe(404);
  });
});

describe('bodies', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/vnd.api+json',
    'APPLICATION/JSON',
  ])('POST takes %s', async (type) => {
    const { call } = await startTestServer();
    const answer = await call('POST', '/pools', { json: poolNamed('a'), headers: { 'Content-Type': type } });
    expect(answer.status).toBe(201);
  });

  test.each([
    ['POST', 'text/plain'],
    ['POST', 'application/x-www-form-urlencoded'],
    ['POST', 'application/json; charset=latin1'],
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

  test('a body without a media type, or with an encoding, answers 415', async () => {
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
    ['with a trailing comma', '{"name":"a",}'],
    ['of two values', '{} {}'],
    ['with a bare NUL', '{"name":"a\0"}'],
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['an overlong NUL', new Uint8Array([0x22, 0xc0, 0x80, 0x22])],
    ['nested 101 deep', `${'['.repeat(101)}${']'.repeat(101)}`],
    ['nested half a million deep', '['.repeat(500_000)],
    ['nested 100 000 deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ])('a body %s answers 400 REQUEST::MALFORMED, over REST and tRPC', async (_what, body) => {
    const { call } = await startTestServer();
    expect((await call('POST', '/pools', { body, headers: JSON_TYPE })).body).toMatchObject({
      code: 'REQUEST::MALFORMED',
    });
    expect((await call('POST', '/trpc/pools.create', { body, headers: JSON_TYPE })).body).toMatchObject({
      error: { data: { code: 'REQUEST::MALFORMED', httpStatus: 400 } },
    });
  });

  test('nesting of 100 is read', async () => {
    const { call } = await startTestServer();
    const answer = await call('POST', '/pools', { body: `${'['.repeat(100)}${']'.repeat(100)}`, headers: JSON_TYPE });
    expect(answer.status).toBe(422);
  });

  test('a body of 1 MiB is read, one byte more answers 413', async () => {
    const { call } = await startTestServer();
    const post = (bytes: number) => call('POST', '/pools', { body: `"${'x'.repeat(bytes - 2)}"`, headers: JSON_TYPE });
    expect((await post(1_048_576)).status).toBe(422);
    expect((await post(1_048_577)).status).toBe(413);
  });

  test.each(['/pools', '/trpc/pools.create'])('of many senders of 3 MiB to %s each reads its 413', async (route) => {
    const { call } = await startTestServer();
    const body = 'x'.repeat(3 * 1_048_576);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call('POST', route, { body, headers: JSON_TYPE })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 413));
  });

  test('the sender of 30 MiB reads its 413, and the connection is closed', async () => {
    const { url } = await startTestServer();
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
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

  test('a sender that goes away in the middle of its body harms nobody', async () => {
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

describe('what the HTTP parser refuses', () => {
  const raw = async (text: string) => {
    const { url } = await startTestServer();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.write(text);
    await new Promise((resolve) => socket.on('end', resolve));
    return answer;
  };

  test.each([
    ['broken HTTP', 'NONSENSE\r\n\r\n', 400, 'REQUEST::MALFORMED'],
    ['no Host', 'GET /pools HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'REQUEST::MALFORMED'],
    [
      'a head over 16 KiB',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'REQUEST::HEADERS_TOO_LARGE',
    ],
    ['CONNECT', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', 405, 'REQUEST::METHOD_NOT_ALLOWED'],
    [
      'a body of two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'REQUEST::MALFORMED',
    ],
  ])('%s is answered in the common shape, with a request id', async (_what, text, status, code) => {
    const answer = await raw(text);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toMatch(/X-Request-ID: [0-9a-f]{32}/i);
    expect(answer).toContain(`"code":"${code}"`);
  });

  test('an unknown expectation is ignored, an upgrade is not taken', async () => {
    const head = `Host: x\r\nOPEN-SANDBOX-API-KEY: ${API_KEY}\r\nConnection: close\r\n`;
    expect(await raw(`GET /pools HTTP/1.1\r\n${head}Expect: banana\r\n\r\n`)).toContain('HTTP/1.1 200 OK');
    const upgrade = head.replace('close', 'upgrade, close');
    expect(await raw(`GET /pools HTTP/1.1\r\n${upgrade}Upgrade: websocket\r\n\r\n`)).toMatch(
      /HTTP\/1.1 200 OK[^]*x-request-id/i,
    );
  });
});

/** Writes bytes to a connection and answers everything that comes back until it ends. */
const exchange = (port: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
    socket.on('end', () => {
      resolve(received);
    });
    socket.on('error', reject);
  });

describe('what the HTTP parser refuses', () => {
  test('comes behind the answer of the request before it on the same connection', async () => {
    const { url, call } = await startTestServer();
    const body = JSON.stringify(poolNamed('a'));
    const head = `POST /pools HTTP/1.1\r\nHost: a\r\nOPEN-SANDBOX-API-KEY: ${API_KEY}\r\nContent-Type: application/json`;
    const text = await exchange(
      new URL(url).port,
      `${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}GARBAGE\r\n\r\n`,
    );
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 201', 'HTTP/1.1 400']);
    expect((await call('GET', '/pools/a')).status).toBe(200);
  });

  test('a CONNECT whose sender resets the connection does not end the server', async () => {
    const { url, call } = await startTestServer();
    for (let round = 0; round < 100; round++)
      await new Promise<void>((resolve) => {
        const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
          socket.write('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n');
          setTimeout(() => socket.resetAndDestroy(), round % 4);
        });
        socket.on('close', () => {
          resolve();
        });
        socket.on('error', () => undefined);
      });
    expect((await call('GET', '/health', { key: null })).status).toBe(200);
  });

  test('a chunked body without bytes is no body', async () => {
    const { url } = await startTestServer();
    const send = (method: string, route: string) =>
      exchange(
        new URL(url).port,
        `${method} ${route} HTTP/1.1\r\nHost: a\r\nOPEN-SANDBOX-API-KEY: ${API_KEY}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      );
    expect(await send('GET', '/pools')).toMatch(/^HTTP\/1\.1 200/);
    expect(await send('DELETE', '/pools/nope')).toMatch(/^HTTP\/1\.1 404/);
    expect(await send('POST', '/pools')).toMatch(/^HTTP\/1\.1 422/);
  });
});
