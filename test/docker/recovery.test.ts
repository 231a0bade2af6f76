// What survives the end of the server, and of the daemon.
import { expect, inject, test, onTestFinished } from 'vitest';
import { belongings, container, daemon, openDriver, openRuntime, templateOf } from './kit/docker-runtime.ts';
import { importImage } from './kit/image.ts';
import { NETWORK, TestDaemon } from './kit/test-daemon.ts';

/** A daemon that the test may stop; it exists only where the tests start their own. */
const ownDaemon = async () => {
  const own = await TestDaemon.start();
  onTestFinished(() => own.remove());
  await importImage(own.docker);
  return own;
};

const hasOwnDaemon = inject('docker').network === NETWORK;

const pool = (size: number) => ({
  template: templateOf([container('', { ports: [{ containerPort: 8000 }] })]),
  capacitySpec: { bufferMin: size, bufferMax: size, poolMin: 0, poolMax: 2 * size },
  scaleStrategy: { maxUnavailable: '100%' },
});

test('A driver that is opened again knows its members, with their ports and their readiness', async () => {
  const first = await openDriver();
  const readinessProbe = { exec: { command: ['test', '-e', '/bin/sh'] }, initialDelaySeconds: 1 };
  const ports = [{ containerPort: 8000 }];
  await first.start('agents-1', templateOf([container('', { readinessProbe, ports })]));
  const before = await first.becomes('agents-1', 'ready');
  await first.close();
  const second = await openDriver({ folder: first.folder });
  expect(await second.becomes('agents-1', 'ready')).toEqual(before);
  expect(second.events[0]).toMatchObject({ type: 'present', member: { phase: 'ready' } });
  await second.start('agents-2', templateOf([container('', { ports })]));
  expect((await second.becomes('agents-2', 'ready'))?.ports).not.toEqual(before?.ports);
});

test('A member whose container was removed while no server ran is reported gone, one that ended is restarted', async () => {
  const first = await openDriver();
  for (const name of ['agents-1', 'agents-2']) await first.start(name, templateOf([container()]));
  for (const name of ['agents-1', 'agents-2']) await first.becomes(name, 'ready');
  await first.close();
  await daemon().getContainer('agents-1').remove({ force: true });
  await daemon().getContainer('agents-2').stop();
  const second = await openDriver({ folder: first.folder });
  await second.becomes('agents-1', undefined);
  expect(await second.becomes('agents-2', 'ready')).toMatchObject({ restarts: 1 });
});

test('A stop that was interrupted continues', async () => {
  const first = await openDriver();
  const stubborn = { ...container(), command: ['sh', '-c', "trap '' TERM; while :; do sleep 0.1; done"] };
  await first.start('agents-1', templateOf([stubborn], { terminationGracePeriodSeconds: 2 }));
  await first.becomes('agents-1', 'ready');
  await first.driver.stop('agents-1');
  await first.close();
  expect((await belongings(first.folder)).containers).toEqual(['agents-1']);
  const second = await openDriver({ folder: first.folder });
  await expect.poll(() => second.events[0]).toMatchObject({ member: { phase: 'terminating' } });
  await second.becomes('agents-1', undefined);
  expect((await belongings(first.folder)).containers).toEqual([]);
});

test('What carries the labels of a data directory but belongs to none of its members is removed', async () => {
  const first = await openDriver();
  await first.start('agents-1', templateOf([container()]));
  await first.becomes('agents-1', 'ready');
  const { Config, Image } = await daemon().getContainer('agents-1').inspect();
  await first.close();
  const Labels = { ...Config.Labels, 'warmpool.dev/member': 'agents-9' };
  await daemon().createContainer({ name: 'agents-9', Image, Labels, Cmd: ['sh'] });
  await daemon().createVolume({ Name: 'agents-9-volume', Labels });
  const second = await openDriver({ folder: first.folder });
  await expect.poll(() => belongings(first.folder)).toEqual({ containers: ['agents-1'], volumes: [] });
  // Late: as a call of a killed server that the daemon carries out after the next server has looked.
  await daemon().createContainer({ name: 'agents-9', Image, Labels, Cmd: ['sh'] });
  await expect.poll(() => belongings(first.folder)).toEqual({ containers: ['agents-1'], volumes: [] });
  expect(second.members.size).toBe(1);
});

test('A pool is warmed in parallel, killed members are replaced, and deleting it leaves nothing', async () => {
  const { pools, available, folder, errors } = await openRuntime();
  await pools.create('agents', pool(20));
  await available('agents', 20);
  const killed = (await pools.members('agents')).map(({ name }) => name);
  await Promise.all(killed.map((name) => daemon().getContainer(name).kill()));
  await expect
    .poll(
      async () =>
        (await pools.members('agents')).filter(({ name, phase }) => phase === 'ready' && !killed.includes(name)).length,
      { timeout: 60_000 },
    )
    .toBe(20);
  await pools.delete('agents', {});
  await expect.poll(() => belongings(folder), { timeout: 30_000 }).toEqual({ containers: [], volumes: [] });
  expect(errors).toEqual([]);
});

test('Two data directories on one daemon never touch what the other has', async () => {
  const one = await openRuntime();
  const two = await openRuntime();
  for (const { pools } of [one, two]) await pools.create('agents', pool(2));
  for (const { available } of [one, two]) await available('agents', 2);
  const ofTwo = await belongings(two.folder);
  await one.pools.delete('agents', {});
  await one.stop();
  const again = await openRuntime({ folder: one.folder });
  await expect.poll(() => belongings(one.folder)).toEqual({ containers: [], volumes: [] });
  await again.stop();
  expect(await belongings(two.folder)).toEqual(ofTwo);
  expect((await two.pools.members('agents')).map(({ phase }) => phase)).toEqual(['ready', 'ready']);
});

test.runIf(hasOwnDaemon)(
  'When the daemon goes away, the server says so, keeps its members, and recovers when it is back',
  async () => {
    const own = await ownDaemon();
    const { pools, available, runtime, folder } = await openRuntime({ host: own.host, network: NETWORK });
    await pools.create('agents', pool(3));
    await available('agents', 3);
    const names = (await pools.members('agents')).map(({ name }) => name);
    await own.stop();
    await expect
      .poll(() => runtime.problems(), { timeout: 10_000 })
      .toEqual([expect.stringMatching(/^The Docker daemon at unix:.* is unreachable: /)]);
    expect((await pools.members('agents')).map(({ name, phase }) => ({ name, phase }))).toEqual(
      names.map((name) => ({ name, phase: 'ready' })),
    );
    await own.start();
    await expect.poll(() => runtime.problems(), { timeout: 15_000 }).toEqual([]);
    await expect
      .poll(
        async () => (await pools.members('agents')).map(({ name, phase, restarts }) => ({ name, phase, restarts })),
        { timeout: 30_000 },
      )
      .toEqual(names.map((name) => ({ name, phase: 'ready', restarts: 1 })));
    await pools.delete('agents', {});
    await expect
      .poll(() => belongings(folder, own.docker), { timeout: 30_000 })
      .toEqual({ containers: [], volumes: [] });
  },
);

test.runIf(hasOwnDaemon)('What was ordered while the daemon was away is done when it is back', async () => {
  const own = await ownDaemon();
  const { driver, start, becomes, folder } = await openDriver({ host: own.host, network: NETWORK });
  for (const name of ['agents-1', 'agents-2']) await start(name, templateOf([container()]));
  for (const name of ['agents-1', 'agents-2']) await becomes(name, 'ready');
  await own.stop();
  await expect.poll(() => driver.problems(), { timeout: 10_000 }).toHaveLength(1);
  await driver.stop('agents-1');
  await driver.restart('agents-2');
  await expect(start('agents-3', templateOf([container()]))).rejects.toThrow(/is unreachable/);
  await becomes('agents-1', 'terminating');
  await becomes('agents-2', 'starting');
  await own.start();
  await becomes('agents-1', undefined);
  await becomes('agents-2', 'ready');
  expect((await belongings(folder, own.docker)).containers).toEqual(['agents-2']);
});

test.runIf(hasOwnDaemon)('A member whose container the daemon was starting when it crashed becomes ready', async () => {
  const own = await ownDaemon();
  const { driver, start, becomes, folder } = await openDriver({ host: own.host, network: NETWORK });
  await start('agents-1', templateOf([container()]));
  await own.crashWhileStarting();
  await expect.poll(() => driver.problems(), { timeout: 10_000 }).toHaveLength(1);
  await own.start();
  expect(await becomes('agents-1', 'ready')).toMatchObject({ restarts: 0 });
  expect((await belongings(folder, own.docker)).containers).toEqual(['agents-1']);
});
