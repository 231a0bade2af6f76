// How fast a pool gets members, next to a bare client that creates as many pods at once.
import { POOL_NAME } from '../../src/services/kubernetes/pods/pod-metadata.ts';
import { allAtOnce, inParallel } from './open-loop.ts';
import { msUntilReady } from './ready-pods.ts';
import { atLeast, atMost, median, type Row } from './row.ts';
import type { BenchPool } from './server-client.ts';
import type { Bench } from './servers.ts';

const CLAIMS = 50;
const CONNECTIONS = 16;

type Group = { readonly name: string; readonly count: number; readonly connections: number };

/** Milliseconds until the pods that a bare client creates are Ready. */
const bareMs = async ({ connection, bare }: Bench, { name, count, connections }: Group): Promise<number> => {
  const create = () =>
    inParallel(
      connections,
      (started) => started >= count,
      (index) => bare.create(`${name}-${index}`, name),
    );
  const ms = await msUntilReady(connection, { namespace: 'bare', labelSelector: `group=${name}`, count }, create);
  await bare.deleteAll(name);
  return ms;
};

/** Milliseconds until as many pods of a pool are Ready as were claimed at once. */
const refillMs = async ({ connection, namespace, servers }: Bench, pool: BenchPool): Promise<number> => {
  const labelSelector = `${POOL_NAME}=${pool.name}`;
  const ids: string[] = [];
  const ms = await msUntilReady(connection, { namespace, labelSelector, count: CLAIMS }, () =>
    allAtOnce(CLAIMS, async (index) => {
      const claim = await servers[index % 2 === 0 ? 0 : 1].claim(pool);
      if (claim !== undefined) ids.push(claim.id);
    }),
  );
  await Promise.all(ids.map((id) => servers[0].release(id)));
  await servers[0].untilSettled(pool.name, 100);
  return ms;
};

/** Milliseconds until an empty pool has so many members that are Ready. */
const growthMs = async ({ connection, namespace, servers }: Bench, pool: BenchPool, count: number) => {
  const labelSelector = `${POOL_NAME}=${pool.name}`;
  const capacity = (size: number) => ({ bufferMin: size, bufferMax: size, poolMin: size, poolMax: 2 * count });
  const ms = await msUntilReady(connection, { namespace, labelSelector, count }, () =>
    servers[0].resize(pool.name, capacity(count)),
  );
  await servers[0].untilSettled(pool.name, count);
  await servers[0].resize(pool.name, capacity(0));
  await servers[0].untilSettled(pool.name, 0);
  return ms;
};

/** @param count Pods by which an empty pool grows. */
export const measureRefill = async (bench: Bench, pool: BenchPool, rounds: number, count: number) => {
  const capacity = { bufferMin: 0, bufferMax: 0, poolMin: 0, poolMax: 2 * count };
  const growing = await bench.servers[0].createPool('growing', capacity);
  const results = [];
  for (let round = 0; round < rounds; round++) {
    const bareRefillMs = await bareMs(bench, { name: `few-${round}`, count: CLAIMS, connections: CLAIMS });
    const ms = await refillMs(bench, pool);
    const bareGrowthMs = await bareMs(bench, { name: `many-${round}`, count, connections: CONNECTIONS });
    results.push({
      bareRefillMs,
      refillMs: ms,
      barePerSecond: (count / bareGrowthMs) * 1_000,
      perSecond: (count / (await growthMs(bench, growing, count))) * 1_000,
    });
    await bench.checker.settle();
  }
  return results;
};

export const rowsOfRefill = (rounds: Awaited<ReturnType<typeof measureRefill>>): Row[] => [
  atMost(
    `${CLAIMS} members Ready after ${CLAIMS} claims, to ${CLAIMS} pods of a bare client at once`,
    median(rounds.map((round) => round.refillMs / round.bareRefillMs)),
    2,
  ),
  atLeast(
    'Pods a second to Ready, to those of a bare client',
    median(rounds.map((round) => round.perSecond / round.barePerSecond)),
    0.8,
  ),
];
