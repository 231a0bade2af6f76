// Images are pulled from a registry on the loopback, which Docker trusts without TLS.
import { expect, onTestFinished, test } from 'vitest';
import { ImagePuller } from '../../src/services/docker/images/image-puller.ts';
import { daemon } from './kit/docker-runtime.ts';
import { startRegistry } from './registry.ts';

const open = async () => {
  const registry = await startRegistry();
  const changes: string[] = [];
  const puller = new ImagePuller({ docker: daemon(), longCalls: daemon(), onChange: (uid) => changes.push(uid) });
  onTestFinished(async () => {
    puller.close();
    await registry.close();
  });
  const prepare = (poolUid: string, container: object, revision = 'r1') =>
    puller.prepare({ poolUid, revision, template: { spec: { containers: [{ name: 'a', ...container }] } } });
  return { registry, changes, prepare };
};

test('Pools that need the same image at the same time share one pull, and later calls need none', async () => {
  const { registry, prepare } = await open();
  const image = `${registry.address}/box`;
  expect(prepare('a', { image }).state).toBe('preparing');
  expect(prepare('b', { image }).state).toBe('preparing');
  await expect
    .poll(() => [prepare('a', { image }), prepare('b', { image })])
    .toEqual([{ state: 'ready' }, { state: 'ready' }]);
  expect(registry.requests.filter((request) => request.includes('/blobs/'))).toHaveLength(2);
  const { length } = registry.requests;
  await expect.poll(() => prepare('c', { image, imagePullPolicy: 'IfNotPresent' })).toEqual({ state: 'ready' });
  expect(registry.requests).toHaveLength(length);
  await daemon().getImage(`${image}:latest`).remove();
});

test('A failed pull is reported once with the sentence of the registry, and tried again on the next call', async () => {
  const { registry, changes, prepare } = await open();
  const container = { image: `${registry.address}/missing:1` };
  expect(prepare('a', container).state).toBe('preparing');
  await expect
    .poll(() => prepare('a', container))
    .toEqual({
      state: 'failed',
      message: `Cannot pull image "${container.image}": manifest unknown`,
    });
  expect(changes).toContain('a');
  expect(prepare('a', container).state).toBe('preparing');
});

test('With imagePullPolicy Never, an image that is missing is a failure', async () => {
  const { prepare } = await open();
  const container = { image: 'nope:1', imagePullPolicy: 'Never' };
  await expect
    .poll(() => prepare('a', container))
    .toMatchObject({
      state: 'failed',
      message: expect.stringMatching(/^Image "nope:1" is not on the Docker host/) as string,
    });
});
