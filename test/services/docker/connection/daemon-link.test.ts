// The connection to a daemon that accepts connections and does not respond, or ends them.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Docker from 'dockerode';
import { expect, onTestFinished, test } from 'vitest';
import { DaemonLink } from '../../../../src/services/docker/connection/daemon-link.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const connect = async (silentPath = '/none') => {
  let waiting = 0;
  const server = http.createServer(({ url = '' }, response) => {
    if (url.startsWith(silentPath)) waiting++;
    else if (url.startsWith('/events')) response.flushHeaders();
    else response.end('OK');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const clock = new FakeClock();
  const link = new DaemonLink({
    docker: new Docker({ protocol: 'http', host: '127.0.0.1', port, headers: { Connection: 'close' } }),
    host: 'tcp://daemon',
    label: 'a=b',
    clock,
    onEvent: () => undefined,
    onLost: () => undefined,
    sync: () => Promise.resolve(),
  });
  onTestFinished(() => {
    link.close();
    server.closeAllConnections();
    server.close();
  });
  const connections = () =>
    new Promise<number>((resolve) => {
      server.getConnections((_, count) => {
        resolve(count);
      });
    });
  const crash = () => {
    server.closeAllConnections();
  };
  return { link, clock, connections, crash, waiting: () => waiting };
};

test.each(['/_ping', '/events'])(
  'A call of %s that has no response in time is aborted, and its connection closed',
  async (path) => {
    const { link, clock, connections, waiting } = await connect(path);
    const opened = expect(link.open()).rejects.toThrow('no response within 5 s');
    await expect.poll(waiting).toBe(1);
    clock.moveTo(clock.nextAtMs ?? 0);
    await opened;
    await expect.poll(connections).toBe(0);
  },
);

test('The signal of a connection aborts when its events end, and the next connection has a new one', async () => {
  const { link, clock, crash } = await connect();
  await link.open();
  const first = link.connection;
  expect(first.aborted).toBe(false);
  crash();
  await expect.poll(() => first.aborted).toBe(true);
  expect(link.problem).toMatch(/is unreachable/);
  expect(link.connection.aborted).toBe(true);
  clock.moveTo(clock.nextAtMs ?? 0);
  await expect.poll(() => link.problem).toBeUndefined();
  expect(link.connection.aborted).toBe(false);
});
