// Subscriptions: what the client survives, from where it goes on, and what ends it.
import { setTimeout } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ErrorCode } from '../../src/contract/errors.ts';
import { WarmpoolError } from '../../src/services/warmpool-error.ts';
import { startTestServer } from '../support/test-server.ts';
import { deadUrl, startHttpServer, startSilentServer } from './raw-server.ts';
import { startStandIn, watchWith, type Watch } from './stand-in-server.ts';

const until = (signal: AbortSignal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', resolve);
  });

/** Yields the three numbers behind the last event, then stays open. */
const counting: Watch = async function* (_attempt, lastEventId = '0', signal) {
  for (const step of [1, 2, 3]) yield Number(lastEventId) + step;
  await until(signal);
};

/** The first attempt yields 1 and fails with the code, the others count on. */
const failingOnce = (code: ErrorCode): Watch =>
  async function* (attempt, lastEventId, signal) {
    if (attempt === 1) {
      yield 1;
      throw new WarmpoolError(code, 'on purpose');
    }
    yield* counting(attempt, lastEventId, signal);
  };

const watching = (...args: Parameters<typeof watchWith>) => {
  const watch = watchWith(...args);
  onTestFinished(watch.unsubscribe);
  return watch;
};

/** Without a word from the server, EventSource waits 3 s before it connects again. */
const eventually = (read: () => unknown) => expect.poll(read, { timeout: 10_000 });

test('sends the key in a header and not in the URL', async () => {
  const { url, requests } = await startStandIn(counting);
  const { seen } = watching(url, { apiKey: 'secret' });
  await eventually(() => seen.data).toEqual([1, 2, 3]);
  expect(requests).toEqual([{ url: expect.not.stringContaining('secret') as string, key: 'secret' }]);
  expect(seen.states).toEqual(['connecting', 'pending']);
});

test('unsubscribing closes the connection', async () => {
  let isClosed = false;
  const { url } = await startStandIn(async function* (_attempt, _lastEventId, signal) {
    yield 1;
    await until(signal);
    isClosed = true;
  });
  const { seen, unsubscribe } = watching(url);
  await eventually(() => seen.data).toEqual([1]);
  unsubscribe();
  await eventually(() => isClosed).toBe(true);
});

test('stays open for longer than an attempt to connect may take', async () => {
  const { url, requests } = await startStandIn(async function* (_attempt, _lastEventId, signal) {
    yield 1;
    await setTimeout(200);
    yield 2;
    await until(signal);
  });
  const { seen } = watching(url, { timeoutMs: 100 });
  await eventually(() => seen.data).toEqual([1, 2]);
  expect(requests).toHaveLength(1);
});

describe('goes on behind the last event', () => {
  test('when the server was started again', async () => {
    const first = await startStandIn(counting);
    const { seen } = watching(first.url);
    await eventually(() => seen.data).toEqual([1, 2, 3]);
    await first.stop();
    await eventually(() => seen.states.at(-1)).toBe('CLIENT::UNREACHABLE');
    await startStandIn(counting, { port: first.port });
    await eventually(() => seen.data).toEqual([1, 2, 3, 4, 5, 6]);
    expect(seen.errors).toEqual([]);
  });

  test.each(['SERVER::SHUTTING_DOWN', 'KUBERNETES::UNAVAILABLE', 'KUBERNETES::TIMEOUT'] as const)(
    'when the server ended it with %s',
    async (code) => {
      const { url } = await startStandIn(failingOnce(code));
      const { seen } = watching(url);
      await eventually(() => seen.data).toEqual([1, 2, 3, 4]);
      expect(seen.states).toContain(code);
      expect(seen.errors).toEqual([]);
    },
  );

  test('when nothing was heard for as long as the server says', async () => {
    const { url } = await startStandIn(counting, { reconnectAfterInactivityMs: 60 });
    const { seen } = watching(url);
    await eventually(() => seen.data.length).toBeGreaterThan(3);
    expect(seen.data.slice(0, 6)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(seen.states).toContain('CLIENT::UNREACHABLE');
  });

  test('and stays where pings come in time', async () => {
    const { url, requests } = await startStandIn(counting, { pingMs: 10, reconnectAfterInactivityMs: 1_000 });
    const { seen } = watching(url);
    await eventually(() => seen.data).toEqual([1, 2, 3]);
    expect(requests).toHaveLength(1);
  });
});

describe('tries again', () => {
  test('where nobody listens yet', async () => {
    const url = await deadUrl();
    const { seen } = watching(url);
    await eventually(() => seen.states).toContain('CLIENT::UNREACHABLE');
    await startStandIn(counting, { port: Number(new URL(url).port) });
    await eventually(() => seen.data).toEqual([1, 2, 3]);
  });

  test.each([
    ['a proxy that finds no server', 502, '<h1>Bad gateway</h1>', 'CLIENT::BAD_ANSWER'],
    [
      'a server that is stopping',
      503,
      '{"code":"SERVER::SHUTTING_DOWN","message":"m","requestId":"r"}',
      'SERVER::SHUTTING_DOWN',
    ],
  ])('behind %s', async (_what, status, body, code) => {
    const refusing = await startHttpServer((_request, response) => response.writeHead(status).end(body));
    const { seen } = watching(refusing.url);
    await eventually(() => seen.states).toEqual(['connecting', code]);
    await refusing.stop();
    await startStandIn(counting, { port: refusing.port });
    await eventually(() => seen.data).toEqual([1, 2, 3]);
    expect(seen.errors).toEqual([]);
  });

  test('where a connection is taken and never answered', async () => {
    const { url, sockets } = await startSilentServer();
    const { seen } = watching(url, { timeoutMs: 50 });
    await eventually(() => sockets.size).toBeGreaterThan(1);
    expect(seen.states).toEqual(expect.arrayContaining(['connecting', 'CLIENT::TIMEOUT']));
  });
});

describe('ends with one error', () => {
  test('where the key is wrong', async () => {
    const { url, log } = await startTestServer();
    const { seen } = watching(url, { apiKey: 'wrong' });
    await eventually(() => seen.errors).toHaveLength(1);
    expect(seen.errors).toMatchObject([{ code: 'INVALID_API_KEY', status: 401, isRetryable: false }]);
    expect(seen.errors[0]?.requestId).toMatch(/^[0-9a-f]{32}$/);
    expect(log.filter(({ status }) => status === 401)).toHaveLength(1);
  });

  test.each(['KUBERNETES::POOL_NOT_FOUND', 'INTERNAL::ERROR', 'KUBERNETES::POOL_NOT_SUPPORTED'] as const)(
    'where the server ended it with %s',
    async (code) => {
      const { url, requests } = await startStandIn(failingOnce(code));
      const { seen } = watching(url);
      await eventually(() => seen.errors).toMatchObject([{ code, requestId: 'r', message: 'on purpose' }]);
      expect(seen.data).toEqual([1]);
      expect(requests).toHaveLength(1);
    },
  );

  test('which is the last one, whatever failed before', async () => {
    const shape = { code: -32004, message: 'm', data: { code: 'KUBERNETES::POOL_NOT_FOUND', httpStatus: 404 } };
    const bodies = ['retry: 20\n\n', undefined, `event: serialized-error\ndata: ${JSON.stringify(shape)}\n\n`];
    const { url } = await startHttpServer((_request, response) => {
      const body = bodies.shift();
      if (body !== undefined) response.setHeader('Content-Type', 'text/event-stream').end(body);
      else response.writeHead(502).end();
    });
    const { seen } = watching(url);
    await eventually(() => seen.errors).toMatchObject([{ code: 'KUBERNETES::POOL_NOT_FOUND' }]);
    expect(seen.states).toEqual(['connecting', 'CLIENT::UNREACHABLE', 'CLIENT::BAD_ANSWER']);
  });

  test('where a page answers', async () => {
    const { url } = await startHttpServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end('<h1>Log in</h1>');
    });
    const { seen } = watching(url);
    await eventually(() => seen.errors).toMatchObject([{ code: 'CLIENT::BAD_ANSWER', status: 200 }]);
  });
});

test('completes when the server returned', async () => {
  const { url } = await startStandIn(async function* () {
    yield 1;
  });
  const { seen } = watching(url);
  await eventually(() => seen.isComplete).toBe(true);
  expect(seen).toMatchObject({ data: [1], errors: [] });
});
