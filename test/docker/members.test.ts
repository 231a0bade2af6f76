// Members as containers: how they start, what they share, and how they end.
import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { belongings, container, daemon, exec, greeting, openDriver, templateOf } from './kit/docker-runtime.ts';

const SERVE = 'while :; do echo hello | nc -l -p 8000; done &';

test('A started member becomes ready, has an address, and runs commands under its name', async () => {
  const { start, becomes } = await openDriver();
  await start('agents-1', templateOf([container()]));
  const member = await becomes('agents-1', 'ready');
  expect(member).toMatchObject({ poolUid: 'uid', poolName: 'pool', revision: 'r1', restarts: 0 });
  expect(member?.address).toMatch(/^172\.|^192\.|^10\./);
  expect(await exec('agents-1', 'echo works')).toEqual({ output: 'works', code: 0 });
});

test('A declared port is published on the loopback', async () => {
  const { start, becomes } = await openDriver();
  const ports = [{ containerPort: 8000, name: 'http' }];
  await start('agents-1', templateOf([container(SERVE, { ports })]));
  const member = await becomes('agents-1', 'ready');
  expect(member?.ports).toMatchObject([{ containerPort: 8000, name: 'http', protocol: 'TCP' }]);
  const host = member?.ports?.[0]?.host ?? '';
  expect(host).toMatch(/^127\.0\.0\.1:\d+$/);
  await expect.poll(() => greeting(host).catch(() => ''), { timeout: 5_000 }).toBe('hello');
});

test('A member whose port is taken by another program gets the next one', async () => {
  const { start, becomes, driver, members } = await openDriver();
  const ports = [{ containerPort: 8000 }];
  await start('agents-1', templateOf([container(SERVE, { ports })]));
  const first = Number((await becomes('agents-1', 'ready'))?.ports?.[0]?.host?.split(':')[1]);
  const blocker = createServer().listen(first + 1, '127.0.0.1');
  await once(blocker, 'listening');
  await start('agents-2', templateOf([container(SERVE, { ports })]));
  const second = await becomes('agents-2', 'ready');
  expect(second?.ports?.[0]?.host).toBe(`127.0.0.1:${first + 2}`);
  blocker.close();
  await driver.stop('agents-1');
  expect(members.get('agents-2')?.phase).toBe('ready');
});

test('A restart keeps the name and the host ports, and brings a fresh file system; an emptyDir stays', async () => {
  const { driver, start, becomes } = await openDriver();
  const more = { ports: [{ containerPort: 8000 }], volumeMounts: [{ name: 'work', mountPath: '/work' }] };
  await start('agents-1', templateOf([container(SERVE, more)], { volumes: [{ name: 'work', emptyDir: {} }] }));
  const before = await becomes('agents-1', 'ready');
  await exec('agents-1', 'touch /tmp/lost /work/kept');
  await driver.restart('agents-1');
  await becomes('agents-1', 'starting');
  const after = await becomes('agents-1', 'ready');
  expect(after?.ports).toEqual(before?.ports);
  expect(await exec('agents-1', 'ls /tmp /work')).toMatchObject({ output: '/tmp:\r\n\r\n/work:\r\nkept' });
  expect(after?.restarts).toBe(0);
});

test('Init containers run in order, each to its end, before the others', async () => {
  const { start, becomes, folder } = await openDriver();
  const volumeMounts = [{ name: 'work', mountPath: '/work' }];
  const init = (name: string, script: string) => ({
    ...container('', { name, volumeMounts }),
    command: ['sh', '-c', script],
  });
  const initContainers = [init('one', 'sleep 0.5; echo one >> /work/log'), init('two', 'echo two >> /work/log')];
  const volumes = [{ name: 'work', emptyDir: {} }];
  await start(
    'agents-1',
    templateOf([container('echo main >> /work/log', { volumeMounts })], { initContainers, volumes }),
  );
  await becomes('agents-1', 'ready');
  await expect.poll(async () => (await exec('agents-1', 'cat /work/log')).output).toBe('one\r\ntwo\r\nmain');
  expect((await belongings(folder)).containers).toEqual(['agents-1', 'agents-1.one', 'agents-1.two']);
});

test('The containers of a member share localhost and the emptyDir', async () => {
  const { start, becomes } = await openDriver();
  const volumeMounts = [{ name: 'work', mountPath: '/work' }];
  const helper = container('echo shared > /work/file', { name: 'helper', volumeMounts });
  await start(
    'agents-1',
    templateOf([container(SERVE, { volumeMounts }), helper], { volumes: [{ name: 'work', emptyDir: {} }] }),
  );
  await becomes('agents-1', 'ready');
  await expect.poll(async () => (await exec('agents-1.helper', 'nc 127.0.0.1 8000 < /dev/null')).output).toBe('hello');
  expect((await exec('agents-1', 'cat /work/file')).output).toBe('shared');
});

test('Stopping sends SIGTERM, reports terminating at once, and leaves no container and no volume', async () => {
  const { driver, start, becomes, folder, members } = await openDriver();
  const volumeMounts = [{ name: 'work', mountPath: '/work' }];
  const stubborn = {
    ...container('', { volumeMounts }),
    command: ['sh', '-c', "trap '' TERM; while :; do sleep 0.1; done"],
  };
  const more = { volumes: [{ name: 'work', emptyDir: {} }], terminationGracePeriodSeconds: 2 };
  await start('agents-1', templateOf([stubborn, container('', { name: 'helper' })], more));
  await becomes('agents-1', 'ready');
  const startedMs = performance.now();
  await driver.stop('agents-1');
  expect(performance.now() - startedMs).toBeLessThan(500);
  await new Promise((resolve) => setImmediate(resolve));
  expect(members.get('agents-1')?.phase).toBe('terminating');
  await becomes('agents-1', undefined);
  expect(performance.now() - startedMs).toBeGreaterThan(1_500);
  expect(await belongings(folder)).toEqual({ containers: [], volumes: [] });
});

test('Resources and security of the template reach the container', async () => {
  const { start, becomes } = await openDriver();
  const more = {
    resources: { limits: { cpu: '500m', memory: '64Mi' } },
    securityContext: {
      runAsUser: 1000,
      runAsGroup: 1000,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    },
  };
  await start('agents-1', templateOf([container('', more)]));
  await becomes('agents-1', 'ready');
  const { HostConfig } = await daemon().getContainer('agents-1').inspect();
  expect(HostConfig).toMatchObject({
    NanoCpus: 500_000_000,
    Memory: 67_108_864,
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
  });
  expect((await exec('agents-1', 'id -u; touch /tmp/x')).output).toMatch(/^1000\r\ntouch: .*Read-only/);
});

test('Labels and annotations of the template become labels of the container', async () => {
  const { start } = await openDriver();
  const metadata = { labels: { team: 'search' }, annotations: { 'example.com/note': 'any text, of any length' } };
  await start('agents-1', { metadata, ...templateOf([container('')]) });
  const { Config } = await daemon().getContainer('agents-1').inspect();
  expect(Config.Labels).toMatchObject({
    ...metadata.labels,
    ...metadata.annotations,
    'warmpool.dev/member': 'agents-1',
  });
});

test('A member whose image does not exist is refused with a short message, and nothing of it is left', async () => {
  const { start, folder, members } = await openDriver();
  const missing = container('', { image: 'does-not-exist:1' });
  await expect(start('agents-1', templateOf([missing]))).rejects.toThrow('No such image: does-not-exist:1.');
  expect(members.size).toBe(0);
  expect(await belongings(folder)).toEqual({ containers: [], volumes: [] });
});

test('A member whose command does not exist fails with the reason', async () => {
  const { start, becomes } = await openDriver();
  await start('agents-1', templateOf([{ ...container(), command: ['does-not-exist'] }]));
  expect((await becomes('agents-1', 'failed'))?.message).toContain('executable file not found');
});
