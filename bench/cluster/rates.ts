// Claims at fixed rates, which are shares of what a bare client can create.
import { setTimeout } from 'node:timers/promises';
import { percentiles } from '../stream/percentiles.ts';
import { openLoop } from './open-loop.ts';
import { atMost, type Row } from './row.ts';
import type { BenchPool } from './server-client.ts';
import type { Bench } from './servers.ts';
import { meanOf, measureYardstick, type Yardstick } from './yardstick.ts';

/** Claims a second as a share of the pods a second, and the 99th percentile as a multiple of the bare patch's. */
const STEPS = [
  { share: 0.004, p99Factor: 2 },
  { share: 0.015, p99Factor: 2 },
  { share: 0.04, p99Factor: 2 },
  { share: 0.075, p99Factor: 4 },
];
/** Every second claim is held for so long, the others are released at once. */
const HOLD_MS = 200;
const TTL_SECONDS = 300;

type Outcome = { readonly ms: number; readonly launch: 'warm' | 'cold' | 'refused' };

/** @param seconds Of each step. */
export const measureRates = async (bench: Bench, pool: BenchPool, seconds: number, yardstickSeconds: number) => {
  const { servers, checker, bare } = bench;
  /** A claim timed from when it was due until its response was read. */
  const use = async (dueMs: number, index: number): Promise<Outcome> => {
    const server = servers[index % 2 === 0 ? 0 : 1];
    const claim = await server.claim(pool, { ttlSeconds: TTL_SECONDS });
    const ms = performance.now() - dueMs;
    if (claim === undefined) return { ms, launch: 'refused' };
    if (index % 4 < 2) await setTimeout(HOLD_MS);
    await server.release(claim.id);
    return { ms, launch: claim.launch };
  };

  const steps = [];
  let before = await measureYardstick(bare, yardstickSeconds);
  for (const { share, p99Factor } of STEPS) {
    const perSecond = share * before.podsPerSecond;
    const outcomes = await openLoop({ perSecond, seconds }, use);
    await servers[0].untilSettled(pool.name, 100);
    await checker.settle();
    const after = await measureYardstick(bare, yardstickSeconds);
    steps.push({ share, p99Factor, perSecond, ...summaryOf(outcomes), yardstick: meanOf([before, after]) });
    before = after;
  }
  return steps;
};

type Step = Awaited<ReturnType<typeof measureRates>>[number];

const summaryOf = (outcomes: readonly Outcome[]) => {
  const count = (launch: Outcome['launch']) => outcomes.filter((outcome) => outcome.launch === launch).length;
  const claims = outcomes.length;
  const latencies = percentiles(outcomes.map(({ ms }) => ms));
  return { claims, ...latencies, warmShare: count('warm') / claims, refused: count('refused') };
};

const demandsOf = (p99Factor: number, bare: Yardstick) => ({
  p50Ms: 1.5 * bare.p50Ms + 5,
  p99Ms: p99Factor * bare.p99Ms + 20,
});

export const rowsOfRates = (steps: readonly Step[]): Row[] =>
  steps.flatMap(({ share, p99Factor, perSecond, p50Ms, p99Ms, warmShare, refused, claims, yardstick }) => {
    const max = demandsOf(p99Factor, yardstick);
    const warm = `${Number((100 * warmShare).toFixed(1))} % warm`;
    const what = `${claims} claims at ${share} B (${perSecond.toFixed(1)}/s; ${warm}, ${refused} refused)`;
    return [atMost(`${what}: p50`, p50Ms, max.p50Ms, 'ms'), atMost(`${what}: p99`, p99Ms, max.p99Ms, 'ms')];
  });
