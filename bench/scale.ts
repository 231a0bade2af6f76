// 1 000 pools of 10 members: how long a start takes, what an idle server needs, how long a list takes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startChild } from './child.ts';

const KEY = 'bench';
const POOLS = 1_000;
const MEMBERS = 10;
const IDLE_SECONDS = 20;
const headers = { 'OPEN-SANDBOX-API-KEY': KEY, 'Content-Type': 'application/json' };

type List = { items: { status?: { available: number } }[] };

const list = async (url: string): Promise<List> => (await (await fetch(`${url}/pools`, { headers })).json()) as List;

const createPools = async (url: string) => {
  const capacitySpec = { bufferMax: MEMBERS, bufferMin: MEMBERS, poolMax: MEMBERS, poolMin: 0 };
  const template = { spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } };
  const scaleStrategy = { maxUnavailable: '100%' };
  for (let index = 0; index < POOLS; index++)
    await fetch(`${url}/pools`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ name: `pool-${index}`, template, capacitySpec, scaleStrategy }),
    });
};

export const benchScale = async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'warmpool-bench-'));
  const first = await startChild('server.ts', { dataDir, apiKey: KEY });
  await createPools(first.url);
  while ((await list(first.url)).items.some(({ status }) => status?.available !== MEMBERS)) await setTimeout(200);
  await first.stop();

  const second = await startChild('server.ts', { dataDir, apiKey: KEY });
  const listMs: number[] = [];
  for (let round = 0; round < 5; round++) {
    const startedMs = performance.now();
    await list(second.url);
    listMs.push(performance.now() - startedMs);
  }
  const before = await second.usage();
  await setTimeout(IDLE_SECONDS * 1_000);
  const after = await second.usage();
  await second.stop();
  rmSync(dataDir, { recursive: true, force: true });
  return {
    startMs: Math.round(second.startMs),
    firstListMs: Number(listMs[0]?.toFixed(1)),
    laterListMs: Number(listMs.at(-1)?.toFixed(1)),
    idleCpuPercent: Number((((after.cpuSeconds - before.cpuSeconds) / IDLE_SECONDS) * 100).toFixed(2)),
    rssMb: Math.round(after.rssMb),
  };
};
