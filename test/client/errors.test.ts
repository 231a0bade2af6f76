// Every failed call rejects with a WarmpoolClientError, whoever failed.
import { TRPCClientError } from '@trpc/client';
import { describe, expect, test } from 'vitest';
import { createWarmpoolClient } from '../../src/client/index.ts';
import { capacity, poolNamed } from '../support/pools.ts';
import { API_KEY, startTestServer } from '../support/test-server.ts';
import { failureOf } from './failure-of.ts';
import { deadUrl, startHttpServer, startSilentServer } from './raw-server.ts';

const answering = (status: number, contentType: string, body: string, headers: Record<string, string> = {}) =>
  startHttpServer((_request, response) => {
    response.writeHead(status, { 'Content-Type': contentType, ...headers }).end(body);
  });

const listFrom = (url: string) => failureOf(createWarmpoolClient({ url, apiKey: API_KEY }).pools.list.query());

describe('an error of the server has its code, status, message and request id', () => {
  test('404', async () => {
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

  test('422 with every violation', async () => {
    const { url } = await startTestServer();
    const client = createWarmpoolClient({ url, apiKey: API_KEY });
    const error = await failureOf(client.pools.create.mutate({ ...poolNamed('A'), capacitySpec: capacity(2, 1) }));
    expect(error).toMatchObject({ code: 'REQUEST::INVALID', status: 422 });
    expect(error.violations).toEqual([
      { path: ['name'], message: expect.stringMatching(/^must /) as string },
      { path: ['capacitySpec', 'bufferMin'], message: 'must not be greater than bufferMax' },
    ]);
  });

  test('a wrong key, and none', async () => {
    const { url } = await startTestServer();
    expect(await failureOf(createWarmpoolClient({ url, apiKey: 'wrong' }).pools.list.query())).toMatchObject({
      code: 'INVALID_API_KEY',
      status: 401,
    });
    expect((await failureOf(createWarmpoolClient({ url }).pools.list.query())).code).toBe('MISSING_API_KEY');
  });

  test('also in the shape of REST, where the request came no further', async () => {
    const { url } = await startTestServer();
    expect(await listFrom(`${url}/wrong-prefix`)).toMatchObject({ code: 'REQUEST::NOT_FOUND', status: 404 });
  });

  test('a stopping server may be asked again', async () => {
    const body = { code: 'SERVER::SHUTTING_DOWN', message: 'The server is stopping.', requestId: 'r' };
    const { url } = await answering(503, 'application/json', JSON.stringify(body));
    expect(await listFrom(url)).toMatchObject({ ...body, status: 503, isRetryable: true });
  });
});

describe('no answer', () => {
  test('where nobody listens is CLIENT::UNREACHABLE and says why', async () => {
    const url = await deadUrl();
    expect(await listFrom(url)).toMatchObject({
      code: 'CLIENT::UNREACHABLE',
      status: undefined,
      requestId: undefined,
      message: expect.stringContaining('ECONNREFUSED') as string,
      isRetryable: true,
    });
  });

  test('when the connection breaks within the answer is CLIENT::UNREACHABLE', async () => {
    const { url } = await startHttpServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 100 });
      response.write('{"result"', () => response.destroy());
    });
    expect((await listFrom(url)).code).toBe('CLIENT::UNREACHABLE');
  });

  test('within timeoutMs is CLIENT::TIMEOUT', async () => {
    const { url } = await startSilentServer();
    const client = createWarmpoolClient({ url, timeoutMs: 50 });
    const expected = { code: 'CLIENT::TIMEOUT', status: undefined, isRetryable: true };
    expect(await failureOf(client.pools.list.query())).toMatchObject(expected);
    expect(await failureOf(client.pools.delete.mutate({ name: 'a' }))).toMatchObject(expected);
  });

  test('is CLIENT::TIMEOUT also when it stops in the middle', async () => {
    const { url } = await startHttpServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).write('{"result"');
    });
    const client = createWarmpoolClient({ url, timeoutMs: 200 });
    expect((await failureOf(client.pools.list.query())).code).toBe('CLIENT::TIMEOUT');
  });

  test('after the caller aborted is CLIENT::ABORTED, also when that was before the call', async () => {
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

describe('an answer that is not Warmpool’s is CLIENT::BAD_ANSWER', () => {
  test('a page of a proxy, which may be asked again', async () => {
    const { url } = await answering(502, 'text/html', '<h1>Bad gateway</h1>', { 'X-Request-ID': 'of-the-proxy' });
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
    ['JSON of something else', 200, 'application/json', '{"hello":"world"}'],
    ['an empty answer', 200, 'application/json', ''],
    ['a code that is not in the table', 418, 'application/json', '{"code":"NEW::CODE","message":"m","requestId":"r"}'],
  ])('%s', async (_what, status, type, body) => {
    const { url } = await answering(status, type, body);
    expect(await listFrom(url)).toMatchObject({ code: 'CLIENT::BAD_ANSWER', status, isRetryable: false });
  });

  test('a redirect, which does not take the key along', async () => {
    const asked: unknown[] = [];
    const other = await startHttpServer((request) => asked.push(request.headers));
    const { url } = await answering(307, 'text/plain', '', { Location: other.url });
    expect(await listFrom(url)).toMatchObject({ code: 'CLIENT::BAD_ANSWER', status: 307 });
    expect(asked).toEqual([]);
  });
});

describe('an input that is no JSON is refused before anything is sent', () => {
  const expected = { code: 'REQUEST::MALFORMED', status: undefined };

  test('in a call', async () => {
    const client = createWarmpoolClient({ url: await deadUrl() });
    const template = { spec: { containers: [{ name: 'a', image: 'b', size: 1n }] } };
    expect(await failureOf(client.pools.create.mutate({ ...poolNamed('a'), template }))).toMatchObject(expected);
  });

  test('in a subscription', async () => {
    const client = createWarmpoolClient({ url: await deadUrl() });
    const ended = new Promise((resolve) => client.pools.watch.subscribe({ name: 1n as never }, { onError: resolve }));
    expect(await ended).toMatchObject(expected);
  });
});
