// Claims on containers: what their holders get, and what the next ones find.
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import type { Claim } from '../../src/contract/claim.ts';
import { listClaims, listMembers } from '../server/claims/claims-client.ts';
import {
  becomesFull,
  claim,
  createPool,
  dockerServer,
  getClaim,
  greeter,
  nothingLeftOver,
  release,
} from './kit/docker-server.ts';
import { belongings, daemon, exec, greeting, templateOf } from './kit/docker-runtime.ts';

const greetingOf = (address: string) => greeting(address).catch(() => '');

test('A claimed container runs commands under its name, and its processes are reached by address and by port', async () => {
  const { server } = await dockerServer();
  await createPool(server, 'agents', { size: 1, max: 2 });
  const { member, launch } = await claim(server, 'agents');
  expect(launch).toBe('warm');
  expect(await exec(member.name, 'hostname')).toEqual({ output: member.name, code: 0 });
  const [port] = member.ports ?? [];
  expect(port).toMatchObject({ containerPort: 8000, protocol: 'TCP' });
  expect(port?.host).toMatch(/^127\.0\.0\.1:\d+$/);
  await expect.poll(() => greetingOf(port?.host ?? '')).toBe(member.name);
  await expect.poll(() => greetingOf(`${member.address ?? ''}:8000`)).toBe(member.name);
});

test('Under Delete, a released container is removed and never held again', async () => {
  const { server, dataDir } = await dockerServer();
  await createPool(server, 'agents', { size: 2, max: 4 });
  const held: string[] = [];
  const client = async () => {
    for (let round = 0; round < 4; round++) {
      const mine = await claim(server, 'agents', { waitSeconds: 60 });
      expect((await exec(mine.member.name, 'ls /tmp && touch /tmp/used')).output).toBe('');
      held.push(mine.member.name);
      await release(server, mine);
    }
  };
  await Promise.all([client(), client(), client()]);
  expect(new Set(held).size).toBe(12);
  await becomesFull(server, 'agents', 2);
  await expect
    .poll(async () => (await belongings(dataDir)).containers.filter((name) => held.includes(name)), { timeout: 20_000 })
    .toEqual([]);
  await nothingLeftOver(server, 'agents', dataDir);
});

test('Under Restart, the next holder gets the same name and ports, without the files of the previous one', async () => {
  const { server } = await dockerServer();
  await createPool(server, 'agents', { size: 1, recycling: 'Restart' });
  const first = await claim(server, 'agents');
  await exec(first.member.name, 'touch /tmp/secret');
  await release(server, first);
  const second = await claim(server, 'agents', { waitSeconds: 60 });
  expect(second.member).toMatchObject({ name: first.member.name, ports: first.member.ports });
  expect(second.id).not.toBe(first.id);
  expect(await exec(second.member.name, 'ls /tmp')).toEqual({ output: '', code: 0 });
  await expect.poll(() => greetingOf(second.member.ports?.[0]?.host ?? '')).toBe(second.member.name);
  await expect.poll(() => greetingOf(`${second.member.address ?? ''}:8000`)).toBe(second.member.name);
});

test('Under Noop, the next holder finds the files of the previous one', async () => {
  const { server } = await dockerServer();
  await createPool(server, 'agents', { size: 1, recycling: 'Noop' });
  const first = await claim(server, 'agents');
  await exec(first.member.name, 'touch /tmp/kept');
  await release(server, first);
  const second = await claim(server, 'agents');
  expect(second.member).toEqual(first.member);
  expect((await exec(second.member.name, 'ls /tmp')).output).toBe('kept');
});

test('A held member whose readiness probe fails stays held, and the claim says why until it passes again', async () => {
  const { server } = await dockerServer();
  const readinessProbe = { exec: { command: ['test', '-e', '/tmp/ready'] }, periodSeconds: 1, failureThreshold: 1 };
  const probed = greeter({ readinessProbe, command: ['sh', '-c', 'touch /tmp/ready; while :; do sleep 0.1; done'] });
  await createPool(server, 'agents', { size: 1, template: templateOf([probed]) });
  const held = await claim(server, 'agents');
  await exec(held.member.name, 'rm /tmp/ready');
  const message = expect.stringMatching(/^Readiness probe failed: /) as string;
  await expect
    .poll(() => getClaim(server, held), { timeout: 10_000 })
    .toMatchObject({ state: 'bound', member: { name: held.member.name, message } });
  expect(await listMembers(server, 'agents')).toMatchObject([{ phase: 'starting', claimId: held.id, message }]);
  await exec(held.member.name, 'touch /tmp/ready');
  await expect.poll(() => getClaim(server, held), { timeout: 10_000 }).toEqual(held);
});

test('A held container that ends by itself and is restarted stays held', async () => {
  const { server } = await dockerServer();
  const ending = greeter({
    command: ['sh', '-c', 'while [ ! -e /tmp/end ]; do sleep 0.05; done; rm /tmp/end; exit 3'],
  });
  await createPool(server, 'agents', { size: 1, template: templateOf([ending]) });
  const held = await claim(server, 'agents');
  await exec(held.member.name, 'touch /tmp/end');
  await expect
    .poll(() => listMembers(server, 'agents'), { timeout: 10_000 })
    .toMatchObject([{ name: held.member.name, phase: 'ready', restarts: 1, claimId: held.id }]);
  expect((await getClaim(server, held)).state).toBe('bound');
});

const KILLED = 20;

/** When each of these containers has ended, by the daemon: epoch milliseconds. */
const timesOfDeath = async (names: readonly string[]): Promise<Map<string, number>> => {
  const died = new Map<string, number>();
  const stream = await daemon().getEvents({ filters: { event: ['die'], container: [...names] } });
  for await (const line of createInterface(stream)) {
    const { Actor, timeNano } = JSON.parse(line) as { Actor: { Attributes: { name: string } }; timeNano: number };
    died.set(Actor.Attributes.name, timeNano / 1e6);
    if (died.size === names.length) break;
  }
  return died;
};

test(`The claims of ${KILLED} containers that somebody kills or removes are lost at once, with a reason, and all are replaced`, async ({
  annotate,
}) => {
  const { server, dataDir } = await dockerServer();
  await createPool(server, 'agents', { size: KILLED, max: 2 * KILLED });
  const claims = await Promise.all(Array.from({ length: KILLED }, () => claim(server, 'agents')));
  await becomesFull(server, 'agents', KILLED);
  const diedMs = timesOfDeath(claims.map(({ member }) => member.name));
  const end = ({ member }: Claim, index: number) => {
    const container = daemon().getContainer(member.name);
    return index % 2 === 0 ? container.kill() : container.remove({ force: true });
  };
  await Promise.all(claims.map(end));
  const died = await diedMs;
  await expect
    .poll(() => listClaims(server, 'all'), { timeout: 5_000 })
    .toSatisfy((all: Claim[]) => all.every(({ state }) => state === 'lost'));
  for (const { reason, member } of await listClaims(server, 'all'))
    expect({ reason, message: member.message }).toEqual({
      reason: 'MemberFailed',
      message: 'Container "sandbox" was stopped by another client of the Docker daemon.',
    });
  const delaysMs = (await listClaims(server, 'all')).map(
    ({ member, endedAt = '' }) => Date.parse(endedAt) - (died.get(member.name) ?? 0),
  );
  await annotate(`ms from the end of a container to the end of its claim: at most ${Math.max(...delaysMs).toFixed(0)}`);
  expect(Math.max(...delaysMs)).toBeLessThan(1_000);
  await becomesFull(server, 'agents', KILLED);
  await nothingLeftOver(server, 'agents', dataDir);
});
