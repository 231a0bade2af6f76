// Claims while the Docker daemon is killed and comes back.
import { expect, inject, onTestFinished, test } from 'vitest';
import { Claim } from '../../src/contract/claim.ts';
import { listClaims, listMembers, send } from '../server/claims/claims-client.ts';
import { call, type ServerProcess } from '../support/server-process.ts';
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
import { belongings, templateOf } from './kit/docker-runtime.ts';
import { importImage } from './kit/image.ts';
import { NETWORK, TestDaemon } from './kit/test-daemon.ts';

/** A daemon that the test may kill; it exists only where the tests start their own. */
const ownDaemon = async () => {
  const own = await TestDaemon.start();
  onTestFinished(() => own.remove());
  await importImage(own.docker);
  return own;
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const readiness = async (server: ServerProcess) => (await call(server, 'GET', '/ready')).body;

/** Names of the live claims' members whose containers do not run. */
const withoutContainer = async (server: ServerProcess, { docker }: TestDaemon): Promise<string[]> => {
  const running = new Set((await docker.listContainers()).map(({ Names }) => Names[0]?.slice(1)));
  return (await listClaims(server, 'bound')).map(({ member }) => member.name).filter((name) => !running.has(name));
};

/** Clients that claim, hold for a moment and release, until the signal aborts. Returns every claim that they got. */
const load = async (server: ServerProcess, pool: string, clients: number, signal: AbortSignal): Promise<Claim[]> => {
  const claims: Claim[] = [];
  const client = async () => {
    while (!signal.aborted) {
      const answer = await send(server, 'POST', `/v1/pools/${pool}/claims`, { json: { waitSeconds: 2 } });
      if (answer?.status !== 201) {
        expect([429, 504]).toContain(answer?.status);
        await pause(50);
        continue;
      }
      const mine = Claim.parse(answer.body);
      claims.push(mine);
      await pause(200);
      await release(server, mine);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return claims;
};

/** Every member has at most one live claim, and no member was held twice at a time. */
const expectOneHolderEach = async (server: ServerProcess): Promise<void> => {
  const all = await listClaims(server, 'all');
  for (const [name, claims] of Map.groupBy(all, ({ member }) => member.name)) {
    const spans = claims.map(({ boundAt, endedAt = '9999' }) => [boundAt, endedAt]).sort();
    for (const [index, [from = '']] of spans.entries())
      if (index > 0) expect(from >= (spans[index - 1]?.[1] ?? ''), `holders of ${name} in turn`).toBe(true);
  }
};

test.runIf(inject('docker').network === NETWORK)(
  'When the Docker daemon is killed under claims, they keep running containers or are lost, and everything recovers by itself',
  async ({ annotate }) => {
    const own = await ownDaemon();
    const { server, dataDir } = await dockerServer({ host: own.host, network: NETWORK });
    await createPool(server, 'agents', { size: 4, max: 12 });
    const once = templateOf([greeter()], { restartPolicy: 'Never' });
    await createPool(server, 'once', { size: 3, max: 6, template: once });
    const held = [await claim(server, 'agents'), await claim(server, 'agents')];
    const doomed = [await claim(server, 'once'), await claim(server, 'once')];
    await becomesFull(server, 'once', 3);
    const ending = new AbortController();
    const claimed = load(server, 'agents', 4, ending.signal);
    await pause(1_500);
    await own.kill();
    const killedMs = performance.now();
    const sentence = expect.stringMatching(
      /^The Docker daemon at unix:\S+ is unreachable: .*\. Members keep their last known state until it responds\.$/,
    ) as string;
    await expect.poll(() => readiness(server)).toEqual({ status: 'degraded', reasons: [sentence] });
    await annotate(`ms to degraded: ${(performance.now() - killedMs).toFixed(0)}`);
    // A member that ran when it was last seen is still handed out.
    const away = await claim(server, 'once');
    for (const mine of [...held, ...doomed, away]) expect((await getClaim(server, mine)).state).toBe('bound');
    await pause(1_000);
    await own.start();
    const backMs = performance.now();
    await expect
      .poll(
        async () =>
          (await Promise.all([...doomed, away].map((mine) => getClaim(server, mine)))).map(
            ({ state, reason }) => `${state} ${reason ?? ''}`,
          ),
        {
          timeout: 10_000,
          interval: 20,
        },
      )
      .toEqual(['lost MemberFailed', 'lost MemberFailed', 'lost MemberFailed']);
    const lostMs = performance.now() - backMs;
    await annotate(`ms from the daemon's return to lost: ${lostMs.toFixed(0)}`);
    expect(lostMs).toBeLessThan(2_000);
    await expect.poll(() => readiness(server), { timeout: 10_000 }).toEqual({ status: 'ready', reasons: [] });
    await annotate(`ms from the daemon's return to ready: ${(performance.now() - backMs).toFixed(0)}`);
    await pause(2_000);
    ending.abort();
    await annotate(`claims under load: ${(await claimed).length}`);
    await expectOneHolderEach(server);
    // A container that was restarted is the same member.
    for (const mine of held)
      expect(await getClaim(server, mine)).toMatchObject({ state: 'bound', member: { name: mine.member.name } });
    await becomesFull(server, 'agents', 4);
    await becomesFull(server, 'once', 3);
    await expect.poll(() => withoutContainer(server, own), { timeout: 10_000 }).toEqual([]);
    for (const mine of held) await release(server, mine);
    await expect
      .poll(
        async () => {
          const members = [...(await listMembers(server, 'agents')), ...(await listMembers(server, 'once'))];
          return (
            members
              .map(({ name }) => name)
              .sort()
              .join() === (await belongings(dataDir, own.docker)).containers.join()
          );
        },
        { timeout: 20_000 },
      )
      .toBe(true);
    for (const pool of ['agents', 'once'])
      expect((await send(server, 'DELETE', `/v1/pools/${pool}?force=true`))?.status).toBe(204);
    await expect
      .poll(() => belongings(dataDir, own.docker), { timeout: 30_000 })
      .toEqual({ containers: [], volumes: [] });
  },
);
