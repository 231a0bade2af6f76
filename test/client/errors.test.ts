// Every failed call rejects with a WarmpoolClientError, whatever the reason.
import { TRPCClientError } from '@trpc/client';
import { describe, expect, test } from 'vitest';
import { createWarmpoolClient } from '../../src/client/index.ts';
import { capacity, poolNamed } from '../support/pools.ts';
import { API_KEY, startTestServer } from '../support/test-server.ts';
import { failureOf } from './failure-of.ts';
import { unusedUrl, startHttpServer, startSilentServer } from './raw-server.ts';

const startResponding = (status: number, contentType: string, body: string, headers: Record<string, string> = {}) =>
  startHttpServer((_request, response) => {
    response.writeHead(status, { 'Content-Type': contentType, ...headers }).end(body);
  });

const listFrom = (url: string) => failureOf(createWarmpoolClient({ url, apiKey: API_KEY }).pools.list.query());

describe('An error of the server', () => {
  test('A call that fails with 404 has the code, message and request id of the server', async () => {
    const { url } = await startTestServer();
    const error = await failureOf(createWarmpoolClient({ url, apiKey: API_KEY }).pools.get.query({ name: 'nothing' }));
    expect(error).toMatchObject({
      name: 'WarmpoolClientError',
      code: 'KUBERNETES::POOL_NOT_FOUND',
      status: 404,
      message: expect.stringContaining('nothing') as string,
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      violations: [],
      isRetryable: false,
    });
    expect(error).toBeInstanceOf(TRPCClientError);
    expect(error.cause).toBeInstanceOf(TRPCClientError);
  });

  test('A call that fails with 422 has every violation', async () => {
    const { url } = await startTestServer();
    const client = createWarmpoolClient({ url, apiKey: API_KEY });
    const error = await failureOf(client.pools.create.mutate({ ...poolNamed('A'), capacitySpec: capacity(2, 1) }));
    expect(error).toMatchObject({ code: 'REQUEST::INVALID', status: 422 });
    expect(error.violations).toEqual([
      { path: ['name'], message: expect.stringMatching(/^must /) as string },
      { path: ['capacitySpec', 'bufferMin'], message: 'must not be greater than bufferMax' },
    ]);
  });

  test('A call with a wrong key or without one fails with 401', async () => {
    const { url } = await startTestServer();
    expect(await failureOf(createWarmpoolClient({ url, apiKey: 'wrong' }).pools.list.query())).toMatchObject({
      code: 'INVALID_API_KEY',
      status: 401,
    });
    expect((await failureOf(createWarmpoolClient({ url }).pools.list.query())).code).toBe('MISSING_API_KEY');
  });

  test('An error in the shape of REST is reported with its code', async () => {
    const { url } = await startTestServer();
    expect(await listFrom(`${url}/wrong-prefix`)).toMatchObject({ code: 'REQUEST::NOT_FOUND', status: 404 });
  });

  test('The error of a stopping server is retryable', async () => {
    const body = { code: 'SERVER::SHUTTING_DOWN', message: 'The server is stopping.', requestId: 'r' };
    const { url } = await startResponding(503, 'application/json', JSON.stringify(body));
    expect(await listFrom(url)).toMatchObject({ ...body, status: 503, isRetryable: true });
  });
});

describe('A missing response', () => {
  test('A call to a URL where no server listens fails with CLIENT::UNREACHABLE and the reason', async () => {
    const url = await unusedUrl();
    expect(await listFrom(url)).toMatchObject({
      code: 'CLIENT::UNREACHABLE',
      status: undefined,
      requestId: undefined,
      message: expect.stringContaining('ECONNREFUSED') as string,
      isRetryable: true,
    });
  });

  test('A connection that breaks in the middle of the response fails the call with CLIENT::UNREACHABLE', async () => {
    const { url } = await startHttpServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 100 });
      response.write('{"result"', () => response.destroy());
    });
    expect((await listFrom(url)).code).toBe('CLIENT::UNREACHABLE');
  });

  test('A call without a response within timeoutMs fails with CLIENT::TIMEOUT', async () => {
    const { url } = await startSilentServer();
    const client = createWarmpoolClient({ url, timeoutMs: 50 });
    const expected = { code: 'CLIENT::TIMEOUT', status: undefined, isRetryable: true };
    expect(await failureOf(client.pools.list.query())).toMatchObject(expected);
    expect(await failureOf(client.pools.delete.mutate({ name: 'a' }))).toMatchObject(expected);
  });

  test('A response that stops in the middle fails the call with CLIENT::TIMEOUT', async () => {
    const { url } = await startHttpServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).write('{"result"');
    });
    const client = createWarmpoolClient({ url, timeoutMs: 200 });
    expect((await failureOf(client.pools.list.query())).code).toBe('CLIENT::TIMEOUT');
  });

  test('A call that is aborted before or after it starts fails with CLIENT::ABORTED', async () => {
    const { url, sockets } = await startSilentServer();
    const client = createWarmpoolClient({ url });
    const controller = new AbortController();
    const failure = failureOf(client.pools.list.query(undefined, { signal: controller.signal }));
    await expect.poll(() => sockets.size).toBe(1);
    controller.abort(new Error('enough'));
    const expected = { code: 'CLIENT::ABORTED', isRetryable: false };
    expect(await failure).toMatchObject(expected);
    const signal = AbortSignal.abort();
    expect(await failureOf(client.pools.list.query(undefined, { signal }))).toMatchObject(expected);
    expect(sockets.size).toBe(1);
  });
});

describe('A response that is not from Warmpool', () => {
  test('The error page of a proxy is a retryable CLIENT::BAD_ANSWER', async () => {
    const { url } = await startResponding(502, 'text/html', '<h1>Bad gateway</h1>', { 'X-Request-ID': 'of-the-proxy' });
    expect(await listFrom(url)).toMatchObject({
      code: 'CLIENT::BAD_ANSWER',
      status: 502,
      requestId: 'of-the-proxy',
      message: expect.stringContaining('status 502, text/html') as string,
      isRetryable: true,
    });
  });

  test.each([
    ['a page with status 200', 200, 'text/html', '<h1>Log in</h1>'],
    ['unrelated JSON', 200, 'application/json', '{"hello":"world"}'],
    ['empty', 200, 'application/json', ''],
    ['an error with an unknown code', 418, 'application/json', '{"code":"NEW::CODE","message":"m","requestId":"r"}'],
  ])('A response that is %s is CLIENT::BAD_ANSWER', async (_what, status, type, body) => {
    const { url } = await startResponding(status, type, body);
    expect(await listFrom(url)).toMatchObject({ code: 'CLIENT::BAD_ANSWER', status, isRetryable: false });
  });

  test('A redirect is CLIENT::BAD_ANSWER and is not followed', async () => {
    const redirected: unknown[] = [];
    const other = await startHttpServer((request) => redirected.push(request.headers));
    const { url } = await startResponding(307, 'text/plain', '', { Location: other.url });
    expect(await listFrom(url)).toMatchObject({ code: 'CLIENT::BAD_ANSWER', status: 307 });
    expect(redirected).toEqual([]);
  });
});

describe('An input that cannot be serialized as JSON', () => {
  const expected = { code: 'REQUEST::MALFORMED', status: undefined };

  test('A call with a BigInt fails before anything is sent', async () => {
    const client = createWarmpoolClient({ url: await unusedUrl() });
    const template = { spec: { containers: [{ name: 'a', image: 'b', size: 1n }] } };
    expect(await failureOf(client.pools.create.mutate({ ...poolNamed('a'), template }))).toMatchObject(expected);
  });

  test('A subscription with a BigInt ends before anything is sent', async () => {
    const client = createWarmpoolClient({ url: await unusedUrl() });
    const ended = new Promise((resolve) => client.pools.watch.subscribe({ name: 1n as never }, { onError: resolve }));
    expect(await ended).toMatchObject(expected);
  });
});
