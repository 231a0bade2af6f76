// kill -9 under load: what clients know about their claims stays true. For a long run: WARMPOOL_KILLS=200, and another
// WARMPOOL_SEED; the reporter "verbose" prints how many claims there were.
import { expect, test } from 'vitest';
import { launch, start, type ServerProcess } from '../../support/server-process.ts';
import { ClaimLedger } from './claim-ledger.ts';
import { BUFFER, ClaimLoad, POOLS } from './claim-load.ts';
import { listClaims, listMembers, metricOf, send } from './claims-client.ts';
import { fastMembers } from './claims-server.ts';
import { seededRandom, type Random } from './seeded-random.ts';

const KILLS = Number(process.env.WARMPOOL_KILLS ?? 20);
const SEED = Number(process.env.WARMPOOL_SEED ?? 20261126);
const CLIENTS = 12;
const START_SECONDS = 0.1;
/** A simulated start takes at least half of START_SECONDS; timers may fire a moment early. */
const MIN_START_MS = (START_SECONDS * 1_000) / 2 - 5;
/** How long the pools may take to settle after the load. */
const SETTLE_MS = 10_000;

test(
  `After ${KILLS} times kill -9 under load (seed ${SEED}), no claim is lost, revived or doubled, and no member is reused before its recycling`,
  { timeout: 60_000 + KILLS * 4_000 },
  async ({ annotate }) => {
    const random = seededRandom(SEED);
    const ledger = new ClaimLedger(POOLS, MIN_START_MS);
    const load = new ClaimLoad(ledger, random);
    const { dataDir, args } = fastMembers(START_SECONDS);
    let server = await start(dataDir, args);
    await load.createPools(server);
    for (let kill = 0; kill < KILLS; kill++) {
      load.run(server, CLIENTS);
      await pause(random.integer(20, 800));
      load.interrupt();
      server.child.kill('SIGKILL');
      await load.stop();
      await server.exited;
      expectNoErrors(server);
      if (random.chance(0.2)) await killWhileStarting(dataDir, args, random);
      server = await start(dataDir, args);
      await check(server, ledger);
      await load.repeat(server);
    }
    // Load that is not interrupted: everything that was left behind is cleaned up meanwhile, or after it.
    load.run(server, CLIENTS);
    await pause(500);
    await load.stop();
    await load.createPools(server);
    await releaseAll(server, ledger);
    for (const pool of Object.keys(POOLS)) await settled(server, pool);
    await check(server, ledger);
    expectNoErrors(server);
    await annotate(`${KILLS} kills, ${ledger.size} claims: ${JSON.stringify(ledger.counts())}`);
  },
);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const killWhileStarting = async (dataDir: string, args: readonly string[], random: Random) => {
  const { child, exited } = launch(['--port', '0', '--data-dir', dataDir, ...args]);
  await pause(random.integer(100, 600));
  child.kill('SIGKILL');
  await exited;
};

/** Compares all claims with what is known about them, and the claims with the members. */
const check = async (server: ServerProcess, ledger: ClaimLedger): Promise<void> => {
  const sentMs = performance.now();
  ledger.observeAll(await listClaims(server, 'all'), sentMs);
  await expect.poll(() => differences(server), { timeout: SETTLE_MS }).toEqual([]);
};

/** Live claims without their member, and allocated members without their claim. */
const differences = async (server: ServerProcess): Promise<string[]> => {
  const held = new Set<string>();
  for (const pool of Object.keys(POOLS)) {
    const answer = await send(server, 'GET', `/v1/pools/${pool}`);
    const members = answer?.status === 200 ? await listMembers(server, pool) : [];
    for (const { name, allocated, claimId } of members) if (allocated) held.add(`${name} ${claimId}`);
  }
  const claims = await listClaims(server, 'bound');
  return [...held.symmetricDifference(new Set(claims.map(({ id, member }) => `${member.name} ${id}`)))];
};

const releaseAll = async (server: ServerProcess, ledger: ClaimLedger): Promise<void> => {
  for (const { id } of await listClaims(server, 'bound')) {
    ledger.releasing(id);
    expect((await send(server, 'DELETE', `/v1/claims/${id}`))?.status).toBe(204);
  }
};

/** Waits until the pool has its size: nothing is held, nobody waits, and the buffer is within its bounds. */
const settled = (server: ServerProcess, pool: string): Promise<void> =>
  expect
    .poll(
      async () => {
        const members = await listMembers(server, pool);
        const isWithin = members.length >= BUFFER.min && members.length <= BUFFER.max;
        const isIdle = members.every(({ phase, allocated }) => phase === 'ready' && !allocated);
        return { isWithin, isIdle, waiting: await metricOf(server, 'warmpool_claims_waiting', pool) };
      },
      { timeout: SETTLE_MS, message: `pool ${pool}` },
    )
    .toEqual({ isWithin: true, isIdle: true, waiting: 0 });

const expectNoErrors = (server: ServerProcess): void => {
  const errors = server
    .stderr()
    .split('\n')
    .filter((line) => /"level":[56]0/.test(line));
  expect(errors).toEqual([]);
};
