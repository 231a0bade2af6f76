// How many pools the puller remembers.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Docker from 'dockerode';
import { expect, onTestFinished, test } from 'vitest';
import { ImagePuller } from '../../../../src/services/docker/images/image-puller.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const POOLS_MAX = 10_000;

/** A daemon whose pulls end when the test says so. */
const pullingDaemon = async () => {
  const pulls: http.ServerResponse[] = [];
  const server = http.createServer((_, response) => {
    response.flushHeaders();
    pulls.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { docker: new Docker({ protocol: 'http', host: '127.0.0.1', port }), pulls };
};

test('Of more than 10 000 pools, the one that was asked for least recently is forgotten', async () => {
  const { docker, pulls } = await pullingDaemon();
  const changed = new Set<string>();
  const onChange = (uid: string) => changed.add(uid);
  const puller = new ImagePuller({ docker, longCalls: docker, clock: new FakeClock(), onChange });
  onTestFinished(() => {
    puller.close();
  });
  // All of them share one pull.
  const template = { spec: { containers: [{ name: 'main', image: 'busybox:1', imagePullPolicy: 'Always' }] } };
  const prepare = (uid: string) => puller.prepare({ poolUid: uid, revision: 'r1', template });
  for (let index = 0; index < POOLS_MAX; index++) prepare(`${index}`);
  prepare('0');
  prepare('newest');
  await expect.poll(() => pulls).toHaveLength(1);
  changed.clear();
  pulls[0]?.end();
  await expect.poll(() => changed.size).toBe(POOLS_MAX);
  expect(changed).not.toContain('1');
  expect(['0', '2', 'newest'].map(prepare)).toEqual(Array(3).fill({ state: 'ready' }));
  expect(prepare('1').state).toBe('preparing');
});
