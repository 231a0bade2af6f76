// A data directory whose server is started with the other driver.
import { expect, inject, test } from 'vitest';
import { listMembers } from '../server/claims/claims-client.ts';
import { dataFolder, start } from '../support/server-process.ts';
import { belongings, sweepAtEnd } from './kit/docker-runtime.ts';
import { becomesFull, claim, configured, createPool, getClaim } from './kit/docker-server.ts';

test('After a change of the driver and back, the container of a lost claim is removed, not handed out again', async () => {
  const dataDir = dataFolder();
  sweepAtEnd(dataDir);
  const args = configured(dataDir);
  const begin = (driver: string) => start(dataDir, [...args, '--driver', driver]);
  const end = async ({ child, exited }: Awaited<ReturnType<typeof begin>>) => {
    child.kill('SIGTERM');
    await exited;
  };

  const simulated = await begin('simulated');
  await createPool(simulated, 'agents', { size: 1 });
  await end(simulated);

  const docker = await begin('docker');
  await expect.poll(docker.stderr).toContain('Discarded the members of the simulated driver (1)');
  expect(docker.stderr()).toContain(`Members are containers of the Docker daemon at ${inject('docker').host}.`);
  await becomesFull(docker, 'agents', 1);
  const held = await claim(docker, 'agents');
  await end(docker);

  const back = await begin('simulated');
  await expect.poll(back.stderr).toContain('Discarded the members of the docker driver (1)');
  expect(await getClaim(back, held)).toMatchObject({ state: 'lost', reason: 'MemberGone' });
  expect((await belongings(dataDir)).containers).toEqual([held.member.name]);
  await end(back);

  const again = await begin('docker');
  await becomesFull(again, 'agents', 1);
  const [member] = await listMembers(again, 'agents');
  expect(member?.name).not.toBe(held.member.name);
  await expect.poll(async () => (await belongings(dataDir)).containers).toEqual([member?.name]);
});
