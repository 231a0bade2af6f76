// Requests per second of GET one and LIST of 1000 pools, over REST and tRPC, next to a bare node:http handler and a plain
// Express route that return the same bytes. The servers run in their own processes, one after the other, several rounds.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startChild } from './child.ts';
import { load, type Rate } from './load.ts';

const KEY = 'bench';
const POOLS = 1_000;
const ROUNDS = 5;
const SECONDS = 3;
const CONNECTIONS = 32;

const measure = (url: string): Promise<Rate> =>
  load({ url, headers: { 'OPEN-SANDBOX-API-KEY': KEY }, connections: CONNECTIONS, seconds: SECONDS });

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;

/** Fills a server with idle pools. */
const fill = async (url: string): Promise<void> => {
  for (let index = 0; index < POOLS; index++)
    await fetch(`${url}/pools`, {
      method: 'POST',
      headers: { 'OPEN-SANDBOX-API-KEY': KEY, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        name: `pool-${String(index).padStart(4, '0')}`,
        template: { spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } },
        capacitySpec: { bufferMax: 0, bufferMin: 0, poolMax: 10, poolMin: 0 },
      }),
    });
};

/** Median rate of each server and operation, and its ratio to the plain Express route in the same round. */
export const benchRates = async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warmpool-bench-'));
  const warmpool = await startChild('server.ts', { dataDir: folder, apiKey: KEY });
  await fill(warmpool.url);
  const read = async (route: string) =>
    (await fetch(`${warmpool.url}${route}`, { headers: { 'OPEN-SANDBOX-API-KEY': KEY } })).text();
  const input = encodeURIComponent(JSON.stringify({ name: 'pool-0500' }));
  const operations = {
    'GET one': { route: '/pools/pool-0500', trpc: `/trpc/pools.get?input=${input}` },
    'LIST of 1000': { route: '/pools', trpc: '/trpc/pools.list' },
  };
  const results = [];
  for (const [operation, { route, trpc }] of Object.entries(operations)) {
    const bytes = await read(route);
    const baselines = await startChild('baselines.ts', bytes);
    const urls = {
      'node:http': `${baselines.url}/bare`,
      'plain Express': `${baselines.url}/express`,
      'Warmpool REST': `${warmpool.url}${route}`,
      'Warmpool tRPC': `${warmpool.url}${trpc}`,
    };
    for (const url of Object.values(urls)) await measure(url);
    const rounds: Record<string, Rate>[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const rates: Record<string, Rate> = {};
      for (const [server, url] of Object.entries(urls)) rates[server] = await measure(url);
      rounds.push(rates);
    }
    for (const server of Object.keys(urls)) {
      const own = rounds.flatMap((rates) => rates[server] ?? []);
      const ratios = rounds.map(
        (rates) => (rates[server]?.perSecond ?? NaN) / (rates['plain Express']?.perSecond ?? NaN),
      );
      results.push({
        operation,
        server,
        perSecond: Math.round(median(own.map(({ perSecond }) => perSecond))),
        p50Ms: median(own.map(({ p50Ms }) => p50Ms)),
        p99Ms: median(own.map(({ p99Ms }) => p99Ms)),
        toExpress: Number(median(ratios).toFixed(2)),
      });
    }
    await baselines.stop();
  }
  await warmpool.stop();
  rmSync(folder, { recursive: true, force: true });
  return results;
};
