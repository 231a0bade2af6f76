// The real server process with `--driver docker`.
import { expect, inject, test } from 'vitest';
import { poolNamed } from '../support/pools.ts';
import { call, dataFolder, launch, start, type ServerProcess } from '../support/server-process.ts';
import { belongings, container, sweepAtEnd, templateOf } from './kit/docker-runtime.ts';
import { configured } from './kit/docker-server.ts';

const statusOf = async (server: ServerProcess) =>
  (await call(server, 'GET', '/pools/agents')).body?.status as { total: number; available: number } | undefined;

test('After kill -9 while a pool is warmed, the next start completes it, and no container is left over', async () => {
  const dataDir = dataFolder();
  const args = ['--driver', 'docker', ...configured(dataDir)];
  const first = await start(dataDir, args);
  sweepAtEnd(dataDir);
  const pool = poolNamed('agents', {
    template: templateOf([container()]),
    capacitySpec: { bufferMin: 10, bufferMax: 10, poolMin: 0, poolMax: 10 },
    scaleStrategy: { maxUnavailable: '100%' },
  });
  expect((await call(first, 'POST', '/pools', pool)).status).toBe(201);
  await expect
    .poll(async () => (await belongings(dataDir)).containers.length, { interval: 10, timeout: 10_000 })
    .toBeGreaterThan(2);
  first.child.kill('SIGKILL');
  await first.exited;
  const second = await start(dataDir, args);
  await expect.poll(() => statusOf(second), { timeout: 60_000 }).toMatchObject({ total: 10, available: 10 });
  const { body } = await call(second, 'GET', '/v1/pools/agents/members');
  const names = (body as { items: { name: string }[] }).items.map(({ name }) => name);
  await expect.poll(async () => (await belongings(dataDir)).containers).toEqual(names);
  expect((await call(second, 'DELETE', '/pools/agents')).status).toBe(204);
  // Killed again while the members stop.
  second.child.kill('SIGKILL');
  await second.exited;
  const third = await start(dataDir, args);
  await expect.poll(() => belongings(dataDir), { timeout: 30_000 }).toEqual({ containers: [], volumes: [] });
  third.child.kill('SIGTERM');
  expect(await third.exited).toBe(0);
});

test('A daemon that is unreachable at the start is one sentence that names it, and exit code 1', async () => {
  const dataDir = dataFolder();
  const args = configured(dataDir, { host: 'unix:///nonexistent/docker.sock', network: 'bridge' });
  const { exited, stderr } = launch(['--port', '0', '--data-dir', dataDir, '--driver', 'docker', ...args]);
  expect(await exited).toBe(1);
  expect(stderr()).toContain(
    'The Docker daemon at unix:///nonexistent/docker.sock cannot be used: connect ENOENT /nonexistent/docker.sock. Start it, or set',
  );
  expect(stderr()).not.toMatch(/\n\s+at /);
});

test('A network that does not exist is refused at the start', async () => {
  const dataDir = dataFolder();
  const args = configured(dataDir, { host: inject('docker').host, network: 'missing' });
  const { exited, stderr } = launch(['--port', '0', '--data-dir', dataDir, '--driver', 'docker', ...args]);
  expect(await exited).toBe(1);
  expect(stderr()).toContain('The Docker network "missing" does not exist.');
});

test('With the simulated driver, the start says that a Docker daemon is reachable', async () => {
  const dataDir = dataFolder();
  const server = await start(dataDir, configured(dataDir));
  await expect.poll(server.stderr).toContain('--driver docker');
});

test('With the simulated driver and no Docker daemon, the start does not mention Docker', async () => {
  const dataDir = dataFolder();
  const server = await start(
    dataDir,
    configured(dataDir, { host: 'unix:///nonexistent/docker.sock', network: 'bridge' }),
  );
  await call(server, 'GET', '/pools');
  expect(server.stderr()).not.toContain('--driver docker');
});
