// How containers end, and what follows: restarts, failures, and what others do to them.
import { expect, test } from 'vitest';
import { belongings, container, daemon, exec, openDriver, templateOf } from './kit/docker-runtime.ts';

const command = (script: string) => ({ ...container(), command: ['sh', '-c', script] });

test('A process that ends by itself is restarted: the member is starting, then ready again, with its files', async () => {
  const { start, becomes, events } = await openDriver();
  // The first process of a container cannot be killed from within; this one ends when a file appears.
  await start(
    'agents-1',
    templateOf([command('while [ ! -e /tmp/end ]; do sleep 0.05; done; rm /tmp/end; touch /tmp/kept; exit 3')]),
  );
  const before = await becomes('agents-1', 'ready');
  await exec('agents-1', 'touch /tmp/end');
  await expect
    .poll(
      () =>
        events.some(
          (event) => event.type === 'present' && event.member.restarts === 1 && event.member.phase === 'ready',
        ),
      { timeout: 10_000 },
    )
    .toBe(true);
  const phases = events.flatMap((event) => (event.type === 'present' ? event.member.phase : []));
  expect(phases.slice(phases.indexOf('ready'))).toContain('starting');
  expect((await exec('agents-1', 'ls /tmp')).output).toBe('kept');
  const after = await becomes('agents-1', 'ready');
  expect(after?.readyAtMs).toBeGreaterThan(before?.readyAtMs ?? 0);
});

const NEVER = { exec: { command: ['test', '-e', '/never'] }, periodSeconds: 1 };

test.each([
  ['with a readiness probe', { readinessProbe: NEVER }],
  ['without probes', {}],
])('A member %s that keeps crashing from the start fails after three restarts', async (_what, probes) => {
  const { start, becomes } = await openDriver();
  await start('agents-1', templateOf([{ ...command('exit 7'), ...probes }]));
  const failed = await becomes('agents-1', 'failed');
  expect(failed).toMatchObject({
    restarts: 3,
    message: 'Container "sandbox" exited with code 7 after 3 restarts, before the member was ready.',
  });
});

test.each([
  ['Never', 0, 'Container "sandbox" exited with code 0, and restartPolicy Never does not restart it.'],
  ['Never', 4, 'Container "sandbox" exited with code 4, and restartPolicy Never does not restart it.'],
  ['OnFailure', 0, 'Container "sandbox" exited with code 0, and restartPolicy OnFailure does not restart it.'],
])(
  'With restartPolicy %s, a container that exits with code %i is the end of its member',
  async (restartPolicy, code, message) => {
    const { start, becomes } = await openDriver();
    await start('agents-1', templateOf([command(`sleep 0.2; exit ${code}`)], { restartPolicy }));
    expect((await becomes('agents-1', 'failed'))?.message).toBe(message);
  },
);

test('With restartPolicy OnFailure, a container that exits with another code than 0 is restarted', async () => {
  const { start, members } = await openDriver();
  await start(
    'agents-1',
    templateOf([command('[ -e /tmp/again ] && exec sleep 100; touch /tmp/again; sleep 0.2; exit 1')], {
      restartPolicy: 'OnFailure',
    }),
  );
  await expect.poll(() => members.get('agents-1'), { timeout: 10_000 }).toMatchObject({ phase: 'ready', restarts: 1 });
});

test('An init container that fails is restarted, or with restartPolicy Never the end of its member', async () => {
  const { start, becomes } = await openDriver();
  const initContainers = [{ ...command('exit 5'), name: 'prepare' }];
  await start('agents-1', templateOf([container()], { initContainers, restartPolicy: 'Never' }));
  await start('agents-2', templateOf([container()], { initContainers }));
  expect((await becomes('agents-1', 'failed'))?.message).toMatch(/^Container "prepare" exited with code 5, and/);
  expect(await becomes('agents-2', 'failed')).toMatchObject({ restarts: 3 });
});

test('A container that exceeds its memory limit is reported so', async () => {
  const { start, becomes } = await openDriver();
  const hungry = { ...command("x=$(cat /dev/zero | tr '\\0' x)"), resources: { limits: { memory: '16Mi' } } };
  await start(
    'agents-1',
    templateOf([{ ...hungry, command: ['sh', '-c', 'x=a; while :; do x=$x$x; done'] }], { restartPolicy: 'Never' }),
  );
  expect((await becomes('agents-1', 'failed'))?.message).toMatch(/exceeded its memory limit/);
});

test('A container that somebody kills or stops is the end of its member, even with restartPolicy Always', async () => {
  const { start, becomes } = await openDriver();
  for (const name of ['agents-1', 'agents-2']) await start(name, templateOf([container()]));
  for (const name of ['agents-1', 'agents-2']) await becomes(name, 'ready');
  await daemon().getContainer('agents-1').kill();
  await daemon().getContainer('agents-2').stop();
  const message = 'Container "sandbox" was stopped by another client of the Docker daemon.';
  expect((await becomes('agents-1', 'failed'))?.message).toBe(message);
  expect((await becomes('agents-2', 'failed'))?.message).toBe(message);
});

test('A signal that ends nothing does not matter', async () => {
  const { start, becomes, members } = await openDriver();
  await start('agents-1', templateOf([container("trap 'exit 0' USR1;")]));
  await becomes('agents-1', 'ready');
  await daemon().getContainer('agents-1').kill({ signal: 'SIGUSR1' });
  await expect.poll(() => members.get('agents-1'), { timeout: 10_000 }).toMatchObject({ phase: 'ready', restarts: 1 });
});

test('A container that somebody removes is gone at once, with all that belonged to its member', async () => {
  const { start, becomes, folder } = await openDriver();
  const volumeMounts = [{ name: 'work', mountPath: '/work' }];
  const volumes = [{ name: 'work', emptyDir: {} }];
  await start(
    'agents-1',
    templateOf([container('', { volumeMounts }), container('', { name: 'helper' })], { volumes }),
  );
  await becomes('agents-1', 'ready');
  await daemon().getContainer('agents-1').remove({ force: true });
  await becomes('agents-1', undefined);
  expect(await belongings(folder)).toEqual({ containers: [], volumes: [] });
});

test('When the main container restarts, the others are restarted into its network', async () => {
  const { start, becomes, members } = await openDriver();
  const serve = command(
    '[ -e /tmp/again ] || { touch /tmp/again; sleep 1; exit 1; }; while :; do echo hello | nc -l -p 8000; done',
  );
  await start('agents-1', templateOf([serve, container('', { name: 'helper' })]));
  await becomes('agents-1', 'ready');
  await expect.poll(() => members.get('agents-1'), { timeout: 15_000 }).toMatchObject({ phase: 'ready', restarts: 2 });
  await expect.poll(async () => (await exec('agents-1.helper', 'nc 127.0.0.1 8000 < /dev/null')).output).toBe('hello');
});

test('A member with a readiness probe is ready when it passes, and starting with the reason when it fails later', async () => {
  const { start, becomes } = await openDriver();
  const readinessProbe = { exec: { command: ['test', '-e', '/tmp/ready'] }, periodSeconds: 1, failureThreshold: 1 };
  await start('agents-1', templateOf([container('', { readinessProbe })]));
  await expect.poll(async () => (await exec('agents-1', 'touch /tmp/ready')).code).toBe(0);
  await becomes('agents-1', 'ready');
  await exec('agents-1', 'rm /tmp/ready');
  expect((await becomes('agents-1', 'starting'))?.message).toMatch(/^Readiness probe failed/);
  await exec('agents-1', 'touch /tmp/ready');
  expect((await becomes('agents-1', 'ready'))?.message).toBeUndefined();
});

test('A member whose startup probe gives up has failed', async () => {
  const { start, becomes } = await openDriver();
  const startupProbe = { tcpSocket: { port: 9 }, periodSeconds: 1, failureThreshold: 2 };
  await start('agents-1', templateOf([container('', { startupProbe })]));
  expect((await becomes('agents-1', 'failed'))?.message).toMatch(/^Startup probe failed/);
});
