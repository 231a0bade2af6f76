// As many claims at once as members are ready, next to as many bare patches at once.
import { writesSince } from '../../test/cluster/kit/count-writes.ts';
import { percentiles } from '../stream/percentiles.ts';
import { allAtOnce } from './open-loop.ts';
import { atMost, median, type Row } from './row.ts';
import type { BenchPool, Server } from './server-client.ts';
import type { Bench } from './servers.ts';
import { patched } from './yardstick.ts';

const CLAIMS = 100;
const WAIT_SECONDS = 30;

/** @param servers Those that receive the claims, in turn. */
const claimAtOnce = async ({ access, checker }: Bench, pool: BenchPool, servers: readonly Server[]) => {
  const before = await access.countWrites();
  const claims: { readonly id: string; readonly server: Server }[] = [];
  let cold = 0;
  const latenciesMs = await allAtOnce(CLAIMS, async (index) => {
    const server = servers[index % servers.length];
    const claim = await server?.claim(pool, { waitSeconds: WAIT_SECONDS });
    if (server === undefined || claim === undefined) throw new Error('A claim of a burst was refused.');
    if (claim.launch === 'cold') cold++;
    claims.push({ id: claim.id, server });
  });
  const binds = writesSince(before, await access.countWrites(), 'pods')['PATCH pods'] ?? 0;
  await Promise.all(claims.map(({ id, server }) => server.release(id)));
  await servers[0]?.untilSettled(pool.name, CLAIMS);
  await checker.settle();
  const { p50Ms, p99Ms } = percentiles(latenciesMs);
  return { p50Ms, p99Ms, cold, binds };
};

export const measureBursts = async (bench: Bench, pool: BenchPool, rounds: number) => {
  const { bare, servers } = bench;
  const results = [];
  for (let round = 0; round < rounds; round++) {
    const patches = percentiles(await allAtOnce(CLAIMS, (index) => bare.patch(patched(index), `burst-${round}`)));
    const one = await claimAtOnce(bench, pool, [servers[round % 2 === 0 ? 0 : 1]]);
    const two = await claimAtOnce(bench, pool, servers);
    results.push({ bare: { p50Ms: patches.p50Ms, p99Ms: patches.p99Ms }, one, two });
  }
  return results;
};

type Burst = Awaited<ReturnType<typeof measureBursts>>[number];

export const rowsOfBursts = (bursts: readonly Burst[]): Row[] => [
  atMost(
    `Burst of ${CLAIMS} claims on ${CLAIMS} ready members: p50 to that of ${CLAIMS} bare patches`,
    median(bursts.map(({ one, bare }) => one.p50Ms / bare.p50Ms)),
    1.5,
  ),
  atMost(
    `The same on two servers, ${CLAIMS / 2} each: p50 to that of ${CLAIMS} bare patches`,
    median(bursts.map(({ two, bare }) => two.p50Ms / bare.p50Ms)),
    1.5,
  ),
  atMost(`The same on two servers: PATCH pods, at worst`, Math.max(...bursts.map(({ two }) => two.binds)), 110),
];
