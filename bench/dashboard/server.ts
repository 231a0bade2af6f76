// A real server process on a data directory of its own, and its pools over REST.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keyFileOf, startServerProcess } from '../../scripts/demo/server-process.ts';

const POOL = {
  template: { spec: { containers: [{ name: 'sandbox', image: 'busybox:1' }] } },
  capacitySpec: { bufferMin: 1, bufferMax: 3, poolMin: 0, poolMax: 10 },
};

export const poolName = (index: number): string => `pool-${String(index).padStart(4, '0')}`;

export const startServer = async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warmpool-bench-'));
  const server = await startServerProcess(folder, 0);
  process.once('exit', server.kill);
  const { url } = server;
  const key = readFileSync(keyFileOf(folder), 'utf8').trim();
  const send = async (method: string, route: string, body: object): Promise<void> => {
    const headers = { 'OPEN-SANDBOX-API-KEY': key, 'Content-Type': 'application/json' };
    const response = await fetch(`${url}${route}`, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  };
  return {
    url,
    key,
    /** Pools `from` to `to`, exclusive. */
    create: async (from: number, to: number) => {
      for (let index = from; index < to; index++) await send('POST', '/v1/pools', { name: poolName(index), ...POOL });
    },
    /** Changes what the dashboard shows of a pool. */
    label: (index: number, revision: number) =>
      send('PATCH', `/v1/pools/${poolName(index)}`, { labels: { revision: String(revision) } }),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type BenchServer = Awaited<ReturnType<typeof startServer>>;
