// Subscriptions: what they survive, where they resume, and what ends them.
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ErrorCode } from '../../src/contract/errors.ts';
import { WarmpoolError } from '../../src/services/warmpool-error.ts';
import { startTestServer } from '../support/test-server.ts';
import { unusedUrl, startHttpServer, startSilentServer } from './raw-server.ts';
import { startScriptedServer, subscribe, type Script } from './scripted-server.ts';

const aborted = (signal: AbortSignal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', resolve);
  });

/** Yields the three numbers after the last event, then stays open. */
const counting: Script = async function* (_attempt, lastEventId = '0', signal) {
  for (const step of [1, 2, 3]) yield Number(lastEventId) + step;
  await aborted(signal);
};

/** The first attempt yields 1 and fails with the code, the others continue counting. */
const failingOnce = (code: ErrorCode): Script =>
  async function* (attempt, lastEventId, signal) {
    if (attempt === 1) {
      yield 1;
      throw new WarmpoolError(code, 'on purpose');
    }
    yield* counting(attempt, lastEventId, signal);
  };

const watch = (...args: Parameters<typeof subscribe>) => {
  const subscription = subscribe(...args);
  onTestFinished(subscription.unsubscribe);
  return subscription;
};

/** EventSource reconnects after 3 s unless the server sends another delay. */
const eventually = (read: () => unknown) => expect.poll(read, { timeout: 10_000 });

test('A subscription sends the key in a header and not in the URL', async () => {
  const { url, requests } = await startScriptedServer(counting);
  const { seen } = watch(url, { apiKey: 'secret' });
  await eventually(() => seen.data).toEqual([1, 2, 3]);
  expect(requests).toEqual([{ url: expect.not.stringContaining('secret') as string, key: 'secret' }]);
  expect(seen.states).toEqual(['connecting', 'pending']);
});

test('Unsubscribing closes the connection', async () => {
  let isClosed = false;
  const { url } = await startScriptedServer(async function* (_attempt, _lastEventId, signal) {
    yield 1;
    await aborted(signal);
    isClosed = true;
  });
  const { seen, unsubscribe } = watch(url);
  await eventually(() => seen.data).toEqual([1]);
  unsubscribe();
  await eventually(() => isClosed).toBe(true);
});

test('A subscription stays open for longer than timeoutMs', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const isLater = Promise.withResolvers<undefined>();
  const { url, requests } = await startScriptedServer(async function* (_attempt, _lastEventId, signal) {
    yield 1;
    await isLater.promise;
    yield 2;
    await aborted(signal);
  });
  const { seen } = watch(url, { timeoutMs: 100 });
  await eventually(() => seen.data).toEqual([1]);
  vi.advanceTimersByTime(200);
  isLater.resolve(undefined);
  await eventually(() => seen.data).toEqual([1, 2]);
  expect(requests).toHaveLength(1);
});

describe('Resuming', () => {
  test('A subscription resumes after the last event when the server restarts', async () => {
    const first = await startScriptedServer(counting);
    const { seen } = watch(first.url);
    await eventually(() => seen.data).toEqual([1, 2, 3]);
    await first.stop();
    await eventually(() => seen.states.at(-1)).toBe('CLIENT::UNREACHABLE');
    await startScriptedServer(counting, { port: first.port });
    await eventually(() => seen.data).toEqual([1, 2, 3, 4, 5, 6]);
    expect(seen.errors).toEqual([]);
  });

  test.each(['SERVER::SHUTTING_DOWN', 'KUBERNETES::UNAVAILABLE', 'KUBERNETES::TIMEOUT'] as const)(
    'A subscription that the server ends with %s resumes after the last event',
    async (code) => {
      const { url } = await startScriptedServer(failingOnce(code));
      const { seen } = watch(url);
      await eventually(() => seen.data).toEqual([1, 2, 3, 4]);
      expect(seen.states).toContain(code);
      expect(seen.errors).toEqual([]);
    },
  );

  test('A subscription without events or pings resumes after the inactivity that the server allows', async () => {
    const { url } = await startScriptedServer(counting, { reconnectAfterInactivityMs: 60 });
    const { seen } = watch(url);
    await eventually(() => seen.data.length).toBeGreaterThan(3);
    expect(seen.data.slice(0, 6)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(seen.states).toContain('CLIENT::UNREACHABLE');
  });

  test('A subscription with pings in time keeps its connection', async () => {
    const { url, requests } = await startScriptedServer(counting, { pingMs: 10, reconnectAfterInactivityMs: 1_000 });
    const { seen } = watch(url);
    await eventually(() => seen.data).toEqual([1, 2, 3]);
    expect(requests).toHaveLength(1);
  });
});

describe('Reconnecting', () => {
  test('A subscription connects as soon as a server listens', async () => {
    const url = await unusedUrl();
    const { seen } = watch(url);
    await eventually(() => seen.states).toContain('CLIENT::UNREACHABLE');
    await startScriptedServer(counting, { port: Number(new URL(url).port) });
    await eventually(() => seen.data).toEqual([1, 2, 3]);
  });

  test.each([
    ['a proxy without a server', 502, '<h1>Bad gateway</h1>', 'CLIENT::BAD_ANSWER'],
    [
      'a server that is stopping',
      503,
      '{"code":"SERVER::SHUTTING_DOWN","message":"m","requestId":"r"}',
      'SERVER::SHUTTING_DOWN',
    ],
  ])('A subscription refused by %s connects later', async (_what, status, body, code) => {
    const refusing = await startHttpServer((_request, response) => response.writeHead(status).end(body));
    const { seen } = watch(refusing.url);
    await eventually(() => seen.states).toEqual(['connecting', code]);
    await refusing.stop();
    await startScriptedServer(counting, { port: refusing.port });
    await eventually(() => seen.data).toEqual([1, 2, 3]);
    expect(seen.errors).toEqual([]);
  });

  test('An attempt to connect without a response is repeated after timeoutMs', async () => {
    const { url, sockets } = await startSilentServer();
    const { seen } = watch(url, { timeoutMs: 50 });
    await eventually(() => sockets.size).toBeGreaterThan(1);
    expect(seen.states).toEqual(expect.arrayContaining(['connecting', 'CLIENT::TIMEOUT']));
  });
});

describe('Ending', () => {
  test('A subscription with a wrong key ends with one error', async () => {
    const { url, log } = await startTestServer();
    const { seen } = watch(url, { apiKey: 'wrong' });
    await eventually(() => seen.errors).toHaveLength(1);
    expect(seen.errors).toMatchObject([{ code: 'INVALID_API_KEY', status: 401, isRetryable: false }]);
    expect(seen.errors[0]?.requestId).toMatch(/^[0-9a-f]{32}$/);
    expect(log.filter(({ status }) => status === 401)).toHaveLength(1);
  });

  test.each(['KUBERNETES::POOL_NOT_FOUND', 'INTERNAL::ERROR', 'KUBERNETES::POOL_NOT_SUPPORTED'] as const)(
    'A subscription that the server ends with %s ends with one error',
    async (code) => {
      const { url, requests } = await startScriptedServer(failingOnce(code));
      const { seen } = watch(url);
      await eventually(() => seen.errors).toMatchObject([{ code, requestId: 'r', message: 'on purpose' }]);
      expect(seen.data).toEqual([1]);
      expect(requests).toHaveLength(1);
    },
  );

  test('A subscription ends with its last error after retryable ones', async () => {
    const shape = { code: -32004, message: 'm', data: { code: 'KUBERNETES::POOL_NOT_FOUND', httpStatus: 404 } };
    const bodies = ['retry: 20\n\n', undefined, `event: serialized-error\ndata: ${JSON.stringify(shape)}\n\n`];
    const { url } = await startHttpServer((_request, response) => {
      const body = bodies.shift();
      if (body !== undefined) response.setHeader('Content-Type', 'text/event-stream').end(body);
      else response.writeHead(502).end();
    });
    const { seen } = watch(url);
    await eventually(() => seen.errors).toMatchObject([{ code: 'KUBERNETES::POOL_NOT_FOUND' }]);
    expect(seen.states).toEqual(['connecting', 'CLIENT::UNREACHABLE', 'CLIENT::BAD_ANSWER']);
  });

  test('A subscription that receives an HTML page ends with one error', async () => {
    const { url } = await startHttpServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end('<h1>Log in</h1>');
    });
    const { seen } = watch(url);
    await eventually(() => seen.errors).toMatchObject([{ code: 'CLIENT::BAD_ANSWER', status: 200 }]);
  });
});

test('A subscription completes when its procedure returns', async () => {
  const { url } = await startScriptedServer(async function* () {
    yield 1;
  });
  const { seen } = watch(url);
  await eventually(() => seen.isComplete).toBe(true);
  expect(seen).toMatchObject({ data: [1], errors: [] });
});
