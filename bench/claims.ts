// Claims on simulated members: pairs of claim and release next to POST and DELETE of a plain Express route in the same run.
import { closedLoop, openLoop, type Pairs, type PairTarget } from './claims/pairs.ts';
import { measureIdle } from './claims/idle.ts';
import { portOf, simulated, Warmpool } from './claims/warmpool.ts';
import { startChild } from './child.ts';

const CONNECTIONS = 64;
const SECONDS = 4;
const ROUNDS = 3;
const PER_SECOND = 500;
const START_SECONDS = 0.1;

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;

/** As many pairs as each target can do. They take turns; the first round warms up. */
const throughputOf = async (targets: Readonly<Record<string, PairTarget>>) => {
  const rounds: Record<string, Pairs>[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const results: Record<string, Pairs> = {};
    for (const [name, target] of Object.entries(targets))
      results[name] = await closedLoop(target, CONNECTIONS, SECONDS);
    if (round > 0) rounds.push(results);
  }
  return Object.keys(targets).map((target) => {
    const of = (field: keyof Pairs) => median(rounds.map((results) => results[target]?.[field] ?? NaN));
    const ratios = rounds.map((results) => (results[target]?.perSecond ?? NaN) / (results.express?.perSecond ?? NaN));
    const toExpress = Number(median(ratios).toFixed(3));
    return { target, pairsPerSecond: of('perSecond'), p50Ms: of('p50Ms'), p99Ms: of('p99Ms'), toExpress };
  });
};

/** Each pair timed from when it was due. They take turns; the first round warms up. */
const latencyOf = async (targets: Readonly<Record<string, PairTarget>>) => {
  const rounds: Record<string, Pairs>[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const results: Record<string, Pairs> = {};
    for (const [name, target] of Object.entries(targets)) results[name] = await openLoop(target, PER_SECOND, SECONDS);
    if (round > 0) rounds.push(results);
  }
  return Object.keys(targets).map((target) => {
    const of = (field: keyof Pairs) => median(rounds.map((results) => results[target]?.[field] ?? NaN));
    return { target, pairsPerSecond: PER_SECOND, p50Ms: of('p50Ms'), p99Ms: of('p99Ms') };
  });
};

const started = async (name: string, members: number, recycle: 'Delete' | 'Noop'): Promise<Warmpool> => {
  const warmpool = new Warmpool();
  await warmpool.start(simulated(START_SECONDS));
  await warmpool.create({ name, members, recycle });
  await warmpool.available(name, members);
  return warmpool;
};

export const benchClaims = async () => {
  const express = await startChild('claims/express.ts', 'begin');
  const body = '{"ttlSeconds":60,"waitSeconds":30}';
  const plain = { port: portOf(express), headers: {}, collection: '/items', body, item: '/items/' };
  const small = await started('small', 1_000, 'Noop');
  const large = await started('large', 10_000, 'Noop');
  const fresh = await started('fresh', 1_000, 'Delete');
  const throughput = await throughputOf({
    express: plain,
    'Noop, 1 000 members': small.claims('small'),
    'Noop, 10 000 members': large.claims('large'),
    'Delete, 1 000 members': fresh.claims('fresh'),
  });
  const latency = await latencyOf({ express: plain, 'Noop, 1 000 members': small.claims('small') });
  await Promise.all([express.stop(), small.stop(), large.stop(), fresh.stop()]);
  const idle = new Warmpool();
  const resting = await measureIdle(idle);
  await idle.stop();
  return { connections: CONNECTIONS, throughput, latency, idle: resting };
};

/** The results as tables. */
export const printClaims = ({ throughput, latency, idle }: Awaited<ReturnType<typeof benchClaims>>): void => {
  console.log(`claims: pairs of claim and release with ${CONNECTIONS} connections, ratio to a plain Express route:`);
  console.table(throughput);
  console.log(`at ${PER_SECOND} pairs a second, each timed from when it was due:`);
  console.table(latency);
  console.log('idle:', idle);
};
