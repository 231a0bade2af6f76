// Calls to a daemon that accepts connections and then falls silent, or crashes.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { boundedDocker } from '../../../../src/services/docker/connection/bounded-docker.ts';

const silentDaemon = async (listener: http.RequestListener, callMs = 100) => {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const link = new AbortController();
  const bounds = { callMs, connection: () => link.signal };
  const docker = boundedDocker({ protocol: 'http', host: '127.0.0.1', port, headers: { Connection: 'close' } }, bounds);
  return {
    docker,
    lose: () => {
      link.abort();
    },
  };
};

/** The beginning of a response, and then the end of the connection. */
const breakOff: http.RequestListener = (_, response) => {
  response.writeHead(200).write('[{"Id":', () => response.destroy());
};

/** Longer than a test may take. */
const NEVER_MS = 60_000;

const lost = { code: 'ECONNRESET', message: 'the connection to the daemon was lost' };

const late = { code: 'ETIMEDOUT', message: 'no response within 0.1 s' };

describe('A bounded client', () => {
  test('It ends a call without a response', async () => {
    const { docker } = await silentDaemon(() => undefined);
    await expect(docker.listContainers()).rejects.toMatchObject(late);
    await expect(docker.getContainer('c').start()).rejects.toMatchObject(late);
  });

  test('It ends a call whose response stops halfway', async () => {
    const { docker } = await silentDaemon((_, response) => response.writeHead(200).write('[{"Id":'));
    await expect(docker.listContainers()).rejects.toMatchObject(late);
  });

  test('It ends a call whose connection breaks within the response', async () => {
    const { docker } = await silentDaemon(breakOff);
    await expect(docker.listContainers()).rejects.toMatchObject(late);
  });

  test.each([
    ['has no response', () => undefined],
    ['has a response that broke off', breakOff],
  ] satisfies [string, http.RequestListener][])(
    'When the connection to the daemon is lost, it ends a call that %s at once',
    async (_, listener) => {
      const received = Promise.withResolvers<undefined>();
      const { docker, lose } = await silentDaemon((request, response) => {
        listener(request, response);
        request.once('close', () => {
          received.resolve(undefined);
        });
        if (!response.headersSent) received.resolve(undefined);
      }, NEVER_MS);
      const call = expect(docker.listContainers()).rejects.toMatchObject(lost);
      await received.promise;
      lose();
      await call;
    },
  );

  test('After the connection to the daemon was lost, it begins no call', async () => {
    let calls = 0;
    const { docker, lose } = await silentDaemon(() => {
      calls++;
    }, NEVER_MS);
    lose();
    await expect(docker.listContainers()).rejects.toMatchObject(lost);
    expect(calls).toBe(0);
  });

  test("It returns the response, or the daemon's error, that comes in time", async () => {
    const { docker } = await silentDaemon(({ url = '' }, response) =>
      response.writeHead(url.startsWith('/networks') ? 200 : 500).end('[]'),
    );
    expect(await docker.listNetworks()).toEqual([]);
    await expect(docker.listContainers()).rejects.toMatchObject({ statusCode: 500 });
  });
});
