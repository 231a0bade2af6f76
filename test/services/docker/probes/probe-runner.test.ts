// Probes over the network, against real sockets on the loopback; time moves with the test.
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import Docker from 'dockerode';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ProbeRunner, type ProbeState } from '../../../../src/services/docker/probes/probe-runner.ts';
import type { Probe, ProbeHandler } from '../../../../src/services/docker/template/probe.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { Authority } from '../../kubernetes/connection/certificates.ts';

const TIMING = {
  initialDelaySeconds: 0,
  periodSeconds: 10,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
};

const probe = (handler: ProbeHandler, timing: Partial<typeof TIMING> = {}): Probe => ({
  ...TIMING,
  ...timing,
  handler,
});
const tcp = (port: number, timing?: Partial<typeof TIMING>) => probe({ kind: 'tcpSocket', port }, timing);
const get = (
  port: number,
  more: Partial<Extract<ProbeHandler, { kind: 'httpGet' }>> = {},
  timing?: Partial<typeof TIMING>,
) => probe({ kind: 'httpGet', scheme: 'HTTP', path: '/', headers: [], ...more, port }, timing);

const listen = async (server: net.Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
};

/** A server that responds with the status that the test sets, and records what it receives. */
const webServer = async (create: (listener: http.RequestListener) => net.Server = http.createServer) => {
  const server = { status: 200, requests: [] as http.IncomingMessage[], port: 0 };
  const listener: http.RequestListener = (request, response) => {
    server.requests.push(request);
    if (server.status !== 0)
      response.writeHead(server.status, { location: 'http://127.0.0.1:1/' }).end('x'.repeat(100));
  };
  server.port = await listen(create(listener));
  return server;
};

const watch = (
  probes: { startup?: Probe; readiness?: Probe; isReady?: boolean },
  address: string | null = '127.0.0.1',
) => {
  const clock = new FakeClock();
  const states: ProbeState[] = [];
  const runner = new ProbeRunner({ docker: new Docker({ socketPath: '/nonexistent' }), clock });
  const stop = runner.watch({
    containerId: 'c',
    address: address ?? undefined,
    ...probes,
    onChange: (state) => states.push(state),
  });
  onTestFinished(stop);
  /** Waits until a timer is set, and moves to it. */
  const next = async () => {
    await expect.poll(() => clock.nextAtMs).toBeDefined();
    clock.moveTo(clock.nextAtMs ?? 0);
  };
  return { clock, states, stop, next };
};

/** The period's timer is set when the attempt has ended and its timeout is cancelled. */
const untilIdle = (clock: FakeClock, periodSeconds: number) =>
  expect.poll(() => (clock.nextAtMs ?? 0) - clock.now()).toBe(periodSeconds * 1_000);

test('A container without probes is ready at once, but not before watch returns', async () => {
  const { states } = watch({});
  expect(states).toEqual([]);
  await expect.poll(() => states).toEqual([{ isReady: true }]);
});

test('Probes over the network fail in a container without an address, and do not go to the host', async () => {
  const { states } = watch({ readiness: tcp(await listen(net.createServer())) }, null);
  const message =
    'Readiness probe failed: the container has no network address; use an exec probe, or a network with addresses';
  await expect.poll(() => states).toEqual([{ isReady: false, message }]);
});

test('A state that its receiver could not take is reported again', async () => {
  const clock = new FakeClock();
  const states: ProbeState[] = [];
  let failures = 1;
  const stop = new ProbeRunner({ docker: new Docker({ socketPath: '/nonexistent' }), clock }).watch({
    containerId: 'c',
    address: '127.0.0.1',
    readiness: tcp(await listen(net.createServer())),
    onChange: (state) => {
      if (failures-- > 0) throw new Error('the disk is full');
      states.push(state);
    },
  });
  onTestFinished(stop);
  await untilIdle(clock, TIMING.periodSeconds);
  expect(states).toEqual([]);
  clock.moveTo(clock.nextAtMs ?? 0);
  await expect.poll(() => states).toEqual([{ isReady: true }]);
});

describe('A TCP probe', () => {
  test('It succeeds if the port accepts connections', async () => {
    const { states } = watch({ readiness: tcp(await listen(net.createServer())) });
    await expect.poll(() => states).toEqual([{ isReady: true }]);
  });

  test('It fails with the reason if nothing listens on the port', async () => {
    const { states } = watch({ readiness: tcp(1) });
    await expect
      .poll(() => states)
      .toEqual([{ isReady: false, message: 'Readiness probe failed: connect ECONNREFUSED 127.0.0.1:1' }]);
  });
});

describe('An HTTP probe', () => {
  test.each([200, 204, 302, 399])('It succeeds with status %i, and follows no redirect', async (status) => {
    const server = await webServer();
    server.status = status;
    const { states } = watch({ readiness: get(server.port) });
    await expect.poll(() => states).toEqual([{ isReady: true }]);
    expect(server.requests).toHaveLength(1);
  });

  test.each([400, 404, 503])('It fails with status %i', async (status) => {
    const server = await webServer();
    server.status = status;
    const { states } = watch({ readiness: get(server.port) });
    await expect
      .poll(() => states)
      .toEqual([{ isReady: false, message: `Readiness probe failed: HTTP status ${status}` }]);
  });

  test('It sends the path and headers of the template, Host included', async () => {
    const server = await webServer();
    const headers = [
      { name: 'Host', value: 'app.test' },
      { name: 'X-A', value: '1' },
      { name: 'X-A', value: '2' },
    ];
    const { states } = watch({ readiness: get(server.port, { path: 'healthz?full=1', headers }) });
    await expect.poll(() => states).toEqual([{ isReady: true }]);
    expect(server.requests[0]).toMatchObject({
      url: '/healthz?full=1',
      headers: { host: 'app.test', 'x-a': '1, 2', 'user-agent': 'warmpool-probe' },
    });
  });

  test('It connects to the host of the template instead of the container', async () => {
    const server = await webServer();
    const { states } = watch({ readiness: get(server.port, { host: 'localhost' }) });
    await expect.poll(() => states).toEqual([{ isReady: true }]);
  });

  test('With the scheme HTTPS it accepts any certificate', async () => {
    const { certificate: cert, key } = new Authority().issue('member');
    const server = await webServer((listener) => https.createServer({ cert, key }, listener));
    const { states } = watch({ readiness: get(server.port, { scheme: 'HTTPS' }) });
    await expect.poll(() => states).toEqual([{ isReady: true }]);
  });

  test('It fails if there is no response within its timeout, and the connection is closed', async () => {
    const server = await webServer();
    server.status = 0;
    const { clock, states } = watch({ readiness: get(server.port, {}, { timeoutSeconds: 2 }) });
    await expect.poll(() => server.requests.length).toBe(1);
    clock.moveTo(clock.now() + 1_999);
    expect(states).toEqual([]);
    clock.moveTo(clock.now() + 1);
    await expect
      .poll(() => states)
      .toEqual([{ isReady: false, message: 'Readiness probe failed: no result within 2 s' }]);
    await expect.poll(() => server.requests[0]?.destroyed).toBe(true);
  });
});

describe('Thresholds and times', () => {
  test('The first attempt is made after the initial delay, the next ones a period after the one before began', async () => {
    const server = await webServer();
    const { clock } = watch({ readiness: get(server.port, {}, { initialDelaySeconds: 5, periodSeconds: 7 }) });
    await untilIdle(clock, 5);
    clock.moveTo(clock.now() + 4_999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.requests).toHaveLength(0);
    clock.moveTo(clock.now() + 1);
    await untilIdle(clock, 7);
    expect(server.requests).toHaveLength(1);
    clock.moveTo(clock.now() + 7_000);
    await untilIdle(clock, 7);
    expect(server.requests).toHaveLength(2);
  });

  test('A container is ready after successThreshold successes in a row and unready after failureThreshold failures in a row', async () => {
    const server = await webServer();
    const { clock, states } = watch({
      readiness: get(server.port, {}, { successThreshold: 2, failureThreshold: 2, periodSeconds: 9 }),
    });
    const readiness: boolean[] = [];
    for (const status of [200, 500, 200, 200, 500, 200, 500, 500, 200, 200]) {
      server.status = status;
      const asked = server.requests.length;
      if (readiness.length > 0) clock.moveTo(clock.now() + 9_000);
      await expect.poll(() => server.requests.length).toBe(asked + 1);
      await untilIdle(clock, 9);
      readiness.push(states.at(-1)?.isReady ?? false);
    }
    expect(readiness).toEqual([false, false, false, true, true, true, true, false, false, true]);
    expect(states.at(-1)).toEqual({ isReady: true });
  });

  test('A state is reported only when it changes', async () => {
    const server = await webServer();
    const { clock, states } = watch({ readiness: get(server.port) });
    for (let attempt = 1; attempt <= 3; attempt++) {
      await expect.poll(() => server.requests.length).toBe(attempt);
      await untilIdle(clock, 10);
      clock.moveTo(clock.now() + 10_000);
    }
    expect(states).toEqual([{ isReady: true }]);
  });
});

describe('A startup probe', () => {
  test('The readiness probe begins only after it has succeeded', async () => {
    const [starting, ready] = [await webServer(), await webServer()];
    starting.status = 503;
    const { clock, states } = watch({ startup: get(starting.port), readiness: get(ready.port) });
    await untilIdle(clock, 10);
    expect(ready.requests).toHaveLength(0);
    expect(states).toEqual([{ isReady: false, message: 'Startup probe failed: HTTP status 503' }]);
    starting.status = 200;
    clock.moveTo(clock.now() + 10_000);
    await expect.poll(() => states.at(-1)).toEqual({ isReady: true });
    expect(starting.requests).toHaveLength(2);
  });

  test('A container whose startup probe succeeds is ready if it has no readiness probe', async () => {
    const { states } = watch({ startup: tcp(await listen(net.createServer())) });
    await expect.poll(() => states).toEqual([{ isReady: true }]);
  });

  test('After failureThreshold failures the container has failed, and nothing is probed any more', async () => {
    const { clock, states, next } = watch({ startup: tcp(1, { failureThreshold: 2 }), readiness: tcp(1) });
    await untilIdle(clock, 10);
    await next();
    const message = 'Startup probe failed: connect ECONNREFUSED 127.0.0.1:1';
    await expect
      .poll(() => states)
      .toEqual([
        { isReady: false, message },
        { isReady: false, message, isFailed: true },
      ]);
    await expect.poll(() => clock.nextAtMs).toBeUndefined();
  });
});

test('A container that was ready before is unready only after failureThreshold failures, and its startup probe is over', async () => {
  const server = await webServer();
  server.status = 500;
  const readiness = get(server.port, {}, { failureThreshold: 2 });
  const { clock, states } = watch({ startup: tcp(1), readiness, isReady: true });
  await expect.poll(() => server.requests.length).toBe(1);
  await untilIdle(clock, 10);
  expect(states).toEqual([]);
  clock.moveTo(clock.now() + 10_000);
  await expect.poll(() => states).toEqual([{ isReady: false, message: 'Readiness probe failed: HTTP status 500' }]);
});

describe('Stopping', () => {
  test('Nothing is probed or reported after it, and no timer is left', async () => {
    const server = await webServer();
    const { clock, states, stop } = watch({ readiness: get(server.port) });
    await expect.poll(() => states).toEqual([{ isReady: true }]);
    await untilIdle(clock, 10);
    stop();
    await expect.poll(() => clock.nextAtMs).toBeUndefined();
    clock.moveTo(clock.now() + 60_000);
    expect(server.requests).toHaveLength(1);
  });

  test('It ends an attempt that is running', async () => {
    const server = await webServer();
    server.status = 0;
    const { clock, states, stop } = watch({ readiness: get(server.port) });
    await expect.poll(() => server.requests.length).toBe(1);
    stop();
    await expect.poll(() => server.requests[0]?.destroyed).toBe(true);
    await expect.poll(() => clock.nextAtMs).toBeUndefined();
    expect(states).toEqual([]);
  });
});
