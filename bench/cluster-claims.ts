// Claims on the pods that Warmpool's own controller starts, next to a bare client of the same API server. Two servers with the
// shipped Role, on nodes whose pods become Ready without running; every write and answer is checked.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { describeViolations } from '../src/services/kubernetes/check/violation.ts';
import { measureBursts, rowsOfBursts } from './cluster/bursts.ts';
import { measureRates, rowsOfRates } from './cluster/rates.ts';
import { measureRefill, rowsOfRefill } from './cluster/refill.ts';
import { openBench, type Bench } from './cluster/servers.ts';
import { measureWrites, rowsOfWrites } from './cluster/writes.ts';
import { preparePatches } from './cluster/yardstick.ts';

const CAPACITY = { bufferMin: 100, bufferMax: 200, poolMin: 100, poolMax: 2_000 };
const FULL = { seconds: 30, yardstickSeconds: 5, rounds: 5, growth: 500, restSeconds: 60 };

const measure = async (bench: Bench, { seconds, yardstickSeconds, rounds, growth, restSeconds }: typeof FULL) => {
  await preparePatches(bench.bare);
  const pool = await bench.servers[0].createPool('agents', CAPACITY);
  const rates = await measureRates(bench, pool, seconds, yardstickSeconds);
  const bursts = await measureBursts(bench, pool, rounds);
  const writes = await measureWrites(bench, pool);
  const refill = await measureRefill(bench, pool, rounds, growth);
  await setTimeout(restSeconds * 1_000);
  return { rates, bursts, writes, refill, check: await bench.checker.final() };
};

/** @param seconds Of each rate, for a try. Default: 30, and the results are written to bench/results/kubernetes-claims.json. */
export const benchClusterClaims = async (seconds?: number): Promise<void> => {
  const sizes =
    seconds === undefined ? FULL : { seconds, yardstickSeconds: seconds, rounds: 2, growth: 100, restSeconds: 15 };
  const bench = await openBench();
  const results = await measure(bench, sizes).finally(() => bench.close());
  const { rates, bursts, writes, refill, check } = results;
  const rows = [...rowsOfRates(rates), ...rowsOfBursts(bursts), ...rowsOfWrites(writes), ...rowsOfRefill(refill)];
  const yardsticks = rates.map(({ share, yardstick }) => ({ share, ...yardstick }));
  console.log('A bare client, before and after each rate (B = podsPerSecond, b = p50Ms of a patch):');
  console.table(yardsticks);
  console.table(rows);
  console.log(`Checked ${check.writes} writes of ${check.pods} pods: ${check.violations.length} promises were broken.`);
  for (const line of describeViolations(check.violations)) console.log(line);
  for (const gap of check.gaps) console.log(`Not checked: ${gap}`);
  if (check.violations.length > 0) process.exitCode = 1;
  if (seconds !== undefined) {
    console.log(JSON.stringify({ bursts, writes, refill }, null, 2));
    return;
  }
  const conditions = {
    at: new Date().toISOString(),
    node: process.version,
    processor: cpus()[0]?.model,
    cores: availableParallelism(),
    note: 'API server, etcd, servers, load generator and checker share the cores: trust the ratios, not the rates.',
  };
  const file = new URL('results/kubernetes-claims.json', import.meta.url);
  writeFileSync(file, `${JSON.stringify({ conditions, capacity: CAPACITY, rows, ...results }, null, 2)}\n`);
};
