// Calls to a daemon that accepts connections and then falls silent.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { boundedDocker } from '../../../../src/services/docker/connection/bounded-docker.ts';

const silentDaemon = async (listener: http.RequestListener) => {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return boundedDocker({ protocol: 'http', host: '127.0.0.1', port, headers: { Connection: 'close' } }, 100);
};

const late = { code: 'ETIMEDOUT', message: 'no response within 0.1 s' };

describe('A bounded client', () => {
  test('It ends a call without a response', async () => {
    const docker = await silentDaemon(() => undefined);
    await expect(docker.listContainers()).rejects.toMatchObject(late);
    await expect(docker.getContainer('c').start()).rejects.toMatchObject(late);
  });

  test('It ends a call whose response stops halfway', async () => {
    const docker = await silentDaemon((_, response) => response.writeHead(200).write('[{"Id":'));
    await expect(docker.listContainers()).rejects.toMatchObject(late);
  });

  test("It returns the response, or the daemon's error, that comes in time", async () => {
    const docker = await silentDaemon(({ url = '' }, response) =>
      response.writeHead(url.startsWith('/networks') ? 200 : 500).end('[]'),
    );
    expect(await docker.listNetworks()).toEqual([]);
    await expect(docker.listContainers()).rejects.toMatchObject({ statusCode: 500 });
  });
});
