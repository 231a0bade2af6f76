// The driver when its daemon crashes within a call.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DockerDriver } from '../../../src/services/docker/docker-driver.ts';
import { openDatabase } from '../../../src/services/local/sqlite/database.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { template } from '../../support/pools.ts';
import { silentObserver } from '../../support/silent-observer.ts';
import { temporaryFolder } from '../../support/test-server.ts';

const RESPONSES: Record<string, unknown> = {
  '/_ping': 'OK',
  '/networks': [{ Name: 'bridge', Id: 'n1' }],
  '/containers/json': [],
  '/volumes': { Volumes: [] },
};

/** A daemon without containers, which the test lets crash within its response to a path. */
const emptyDaemon = async () => {
  const daemon = { crashesAt: '' };
  const server = http.createServer(({ url = '' }, response) => {
    const { pathname } = new URL(url, 'http://daemon');
    if (pathname === '/events') response.flushHeaders();
    else if (pathname !== daemon.crashesAt) response.end(JSON.stringify(RESPONSES[pathname]));
    else
      response.writeHead(200).write('[{"Id":', () => {
        daemon.crashesAt = '';
        server.closeAllConnections();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { daemon, host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

test('A start rejects when the daemon crashes within a response, and the driver goes on when it is back', async () => {
  const { daemon, host } = await emptyDaemon();
  const clock = new FakeClock();
  const database = openDatabase(path.join(temporaryFolder(), 'warmpool.db'));
  const options = { host, network: 'bridge', allowPrivileged: false, clock, observer: silentObserver };
  const driver = await DockerDriver.open(database, options);
  onTestFinished(() => {
    driver.close();
    database.close();
  });
  daemon.crashesAt = '/containers/json';
  const order = { name: 'a-1', poolUid: 'u', poolName: 'a', revision: 'r', template: template() };
  await expect(driver.start(order)).rejects.toThrow('the connection to the daemon was lost');
  expect(driver.problems()).toHaveLength(1);
  const watching = new AbortController();
  const events = driver.watch(watching.signal)[Symbol.asyncIterator]();
  expect((await events.next()).value).toMatchObject({ member: { name: 'a-1', phase: 'terminating' } });
  expect((await events.next()).value).toMatchObject({ type: 'synced' });
  clock.moveTo(clock.nextAtMs ?? 0);
  expect((await events.next()).value).toEqual({ type: 'gone', name: 'a-1' });
  await expect.poll(() => driver.problems()).toEqual([]);
  watching.abort();
});
