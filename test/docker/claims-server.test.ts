// Claims when the server is killed, and beside another server on the same daemon.
import { expect, test } from 'vitest';
import { listClaims, listMembers, send } from '../server/claims/claims-client.ts';
import type { ServerProcess } from '../support/server-process.ts';
import {
  becomesFull,
  claim,
  createPool,
  dockerServer,
  getClaim,
  greeter,
  nothingLeftOver,
} from './kit/docker-server.ts';
import { belongings, daemon, exec, templateOf } from './kit/docker-runtime.ts';

const kill = async ({ child, exited }: ServerProcess) => {
  child.kill('SIGKILL');
  await exited;
};

const networks = async () => (await daemon().listNetworks()).map(({ Name }) => Name).sort();

const withVolume = templateOf([greeter({ volumeMounts: [{ name: 'work', mountPath: '/work' }] })], {
  volumes: [{ name: 'work', emptyDir: {} }],
});

/** What a holder has in its hands: the container, and when it was started. */
const startOf = async (name: string) => {
  const { Id, State } = await daemon().getContainer(name).inspect();
  return { Id, StartedAt: State.StartedAt, Running: State.Running };
};

test('After kill -9 while a pool is warmed and claims wait, the claims live on, the pool has its size, and nothing is left over', async () => {
  const before = await networks();
  const { startServer, server: first, dataDir } = await dockerServer();
  await createPool(first, 'agents', { size: 3, max: 20, template: withVolume });
  const held = [await claim(first, 'agents'), await claim(first, 'agents')];
  await exec(held[0]?.member.name ?? '', 'touch /work/mine /tmp/mine');
  const starts = await Promise.all(held.map(({ member }) => startOf(member.name)));
  const capacitySpec = { bufferMin: 10, bufferMax: 10, poolMin: 0, poolMax: 20 };
  expect((await send(first, 'PATCH', '/v1/pools/agents', { json: { capacitySpec } }))?.status).toBe(200);
  const waiting = Array.from({ length: 4 }, () =>
    send(first, 'POST', '/v1/pools/agents/claims', { json: { waitSeconds: 60 } }),
  );
  const known = (await belongings(dataDir)).containers.length;
  await expect
    .poll(async () => (await belongings(dataDir)).containers.length, { interval: 10, timeout: 10_000 })
    .toBeGreaterThan(known + 2);
  await kill(first);
  const answered = (await Promise.all(waiting)).flatMap((answer) => (answer?.status === 201 ? [answer.body] : []));
  const second = await startServer();
  for (const mine of held) expect(await getClaim(second, mine)).toEqual(mine);
  expect(await listClaims(second, 'bound')).toEqual(expect.arrayContaining([...held, ...answered]));
  expect(await Promise.all(held.map(({ member }) => startOf(member.name)))).toEqual(starts);
  expect((await exec(held[0]?.member.name ?? '', 'ls /work /tmp')).output).toBe('/tmp:\r\nmine\r\n\r\n/work:\r\nmine');
  await becomesFull(second, 'agents', 10);
  await nothingLeftOver(second, 'agents', dataDir);
  const members = (await listMembers(second, 'agents')).map(({ name }) => name);
  expect((await belongings(dataDir)).volumes).toHaveLength(members.length);
  // Killed once more while all of them are removed.
  expect((await send(second, 'DELETE', '/v1/pools/agents?force=true'))?.status).toBe(204);
  await kill(second);
  const third = await startServer();
  expect(await getClaim(third, held[0] ?? { id: '' })).toMatchObject({ state: 'lost', reason: 'PoolDeleted' });
  await expect.poll(() => belongings(dataDir), { timeout: 30_000 }).toEqual({ containers: [], volumes: [] });
  expect(await networks()).toEqual(before);
});

test('A held container that is removed while no server runs is a lost claim when the server is back, and one that was stopped is held on', async () => {
  const { startServer, server: first, dataDir } = await dockerServer();
  await createPool(first, 'agents', { size: 2, max: 4 });
  const [removed, stopped] = [await claim(first, 'agents'), await claim(first, 'agents')];
  await kill(first);
  await daemon().getContainer(removed.member.name).remove({ force: true });
  await daemon().getContainer(stopped.member.name).stop();
  const second = await startServer();
  await expect
    .poll(() => getClaim(second, removed))
    .toMatchObject({ state: 'lost', reason: expect.stringMatching(/^Member/) as string });
  await expect.poll(() => startOf(stopped.member.name), { timeout: 10_000 }).toMatchObject({ Running: true });
  expect((await getClaim(second, stopped)).state).toBe('bound');
  await becomesFull(second, 'agents', 2);
  await nothingLeftOver(second, 'agents', dataDir);
});

test('Two servers on one daemon never touch the claimed containers of each other', async () => {
  const one = await dockerServer();
  const two = await dockerServer();
  for (const { server } of [one, two]) await createPool(server, 'agents', { size: 2, max: 4 });
  const ofTwo = [await claim(two.server, 'agents'), await claim(two.server, 'agents')];
  await becomesFull(two.server, 'agents', 2);
  const members = await listMembers(two.server, 'agents');
  const starts = await Promise.all(members.map(({ name }) => startOf(name)));
  const ofOne = await claim(one.server, 'agents');
  expect(members.map(({ name }) => name)).not.toContain(ofOne.member.name);
  await kill(one.server);
  const again = await one.startServer();
  expect(await getClaim(again, ofOne)).toEqual(ofOne);
  expect((await send(again, 'DELETE', '/v1/pools/agents?force=true'))?.status).toBe(204);
  await expect.poll(() => belongings(one.dataDir), { timeout: 30_000 }).toEqual({ containers: [], volumes: [] });
  expect(await listClaims(two.server, 'bound')).toEqual(ofTwo);
  expect(await listMembers(two.server, 'agents')).toEqual(members);
  expect(await Promise.all(members.map(({ name }) => startOf(name)))).toEqual(starts);
});
