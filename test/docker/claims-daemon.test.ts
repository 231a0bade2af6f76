// Claims while the Docker daemon is killed and comes back.
import { expect, inject, onTestFinished, test } from 'vitest';
import { Claim } from '../../src/contract/claim.ts';
import { listClaims, listMembers, send } from '../server/claims/claims-client.ts';
import { call, type ServerProcess } from '../support/server-process.ts';
import { becomesFull, claim, createPool, dockerServer, getClaim, greeter, release } from './kit/docker-server.ts';
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

const POOLS = ['agents', 'once', 'quiet'];

/** Of each pool under load. */
const CLIENTS = 4;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const readiness = async (server: ServerProcess) => (await call(server, 'GET', '/ready')).body;

/** Waits until the claim's container runs, or the claim is lost. */
const runsOrIsLost = (server: ServerProcess, { docker }: TestDaemon, { id, member }: Claim): Promise<void> =>
  expect
    .poll(
      async () => {
        const container = await docker
          .getContainer(member.name)
          .inspect()
          .catch(() => undefined);
        return container?.State.Running === true || (await getClaim(server, { id })).state === 'lost';
      },
      { timeout: 20_000, message: `container ${member.name} of a claim` },
    )
    .toBe(true);

/** Clients that claim, check, hold for a moment and release, until the signal aborts. Returns every claim that they got. */
const load = async (server: ServerProcess, own: TestDaemon, pool: string, signal: AbortSignal): Promise<Claim[]> => {
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
      await runsOrIsLost(server, own, mine);
      await pause(100);
      await release(server, mine);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
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

const ENDS = [
  ['crashes', (own: TestDaemon) => own.crash()],
  ['loses its power', (own: TestDaemon) => own.cutPower()],
] as const;

test.runIf(inject('docker').network === NETWORK).for(ENDS)(
  'When the Docker daemon %s under claims, they keep running containers or are lost, and everything recovers by itself',
  async ([_how, end], { annotate }) => {
    const own = await ownDaemon();
    const { server, dataDir } = await dockerServer({ host: own.host, network: NETWORK });
    const once = templateOf([greeter()], { restartPolicy: 'Never' });
    await createPool(server, 'agents', { size: 5, max: 16 });
    await createPool(server, 'once', { size: 5, max: 16, template: once });
    await createPool(server, 'quiet', { size: 2, max: 4, template: once });
    const held = [await claim(server, 'agents'), await claim(server, 'agents')];
    const doomed = [await claim(server, 'quiet')];
    await becomesFull(server, 'quiet', 2);
    const ending = new AbortController();
    const claimed = Promise.all(['agents', 'once'].map((pool) => load(server, own, pool, ending.signal)));
    await pause(1_500);
    await end(own);
    const killedMs = performance.now();
    const sentence = expect.stringMatching(
      /^The Docker daemon at unix:\S+ is unreachable: .*\. Members keep their last known state until it responds\.$/,
    ) as string;
    await expect.poll(() => readiness(server)).toEqual({ status: 'degraded', reasons: [sentence] });
    await annotate(`ms to degraded: ${(performance.now() - killedMs).toFixed(0)}`);
    // A member that ran when it was last seen is still handed out.
    doomed.push(await claim(server, 'quiet'));
    for (const mine of [...held, ...doomed]) expect((await getClaim(server, mine)).state).toBe('bound');
    // So long that the server no longer tries to reach the daemon in every moment.
    await pause(2_000);
    await own.start();
    const backMs = performance.now();
    await expect
      .poll(
        async () =>
          (await Promise.all(doomed.map((mine) => getClaim(server, mine)))).map(
            ({ state, reason }) => `${state} ${reason ?? ''}`,
          ),
        {
          timeout: 10_000,
          interval: 20,
        },
      )
      .toEqual(['lost MemberFailed', 'lost MemberFailed']);
    const lostMs = performance.now() - backMs;
    await annotate(`ms from the daemon's return to lost: ${lostMs.toFixed(0)}`);
    expect(lostMs).toBeLessThan(2_000);
    await expect.poll(() => readiness(server), { timeout: 10_000 }).toEqual({ status: 'ready', reasons: [] });
    await annotate(`ms from the daemon's return to ready: ${(performance.now() - backMs).toFixed(0)}`);
    await pause(2_000);
    ending.abort();
    await annotate(`claims under load: ${(await claimed).map(({ length }) => length).join(' and ')}`);
    await expectOneHolderEach(server);
    // A container that was restarted is the same member.
    for (const mine of held)
      expect(await getClaim(server, mine)).toMatchObject({ state: 'bound', member: { name: mine.member.name } });
    for (const mine of held) await release(server, mine);
    for (const [pool, size] of Object.entries({ agents: 5, once: 5, quiet: 2 })) await becomesFull(server, pool, size);
    await expect
      .poll(
        async () => {
          const members = await Promise.all(POOLS.map((pool) => listMembers(server, pool)));
          return [
            members
              .flat()
              .map(({ name }) => name)
              .sort(),
            (await belongings(dataDir, own.docker)).containers,
          ];
        },
        { timeout: 20_000 },
      )
      .toSatisfy(([members, containers]: string[][]) => String(members) === String(containers));
    for (const pool of POOLS) expect((await send(server, 'DELETE', `/v1/pools/${pool}`))?.status).toBe(204);
    await expect
      .poll(() => belongings(dataDir, own.docker), { timeout: 30_000 })
      .toEqual({ containers: [], volumes: [] });
  },
);
