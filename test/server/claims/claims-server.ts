// The real server with fast simulated members, and a pool to claim from.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { capacity, poolNamed } from '../../support/pools.ts';
import { dataFolder, start, type ServerProcess } from '../../support/server-process.ts';
import { listMembers, send, type Target } from './claims-client.ts';

/** A data directory and the arguments of servers on it, whose members start in `startSeconds` ± 50 %. */
export const fastMembers = (startSeconds: number): { dataDir: string; args: string[] } => {
  const dataDir = dataFolder();
  const config = path.join(path.dirname(dataDir), 'warmpool.toml');
  writeFileSync(config, `[local.simulated]\nstart_seconds = ${startSeconds}\n[log]\nlevel = "warn"\n`);
  return { dataDir, args: ['--config', config] };
};

export const startFast = (startSeconds = 0.05): Promise<ServerProcess> => {
  const { dataDir, args } = fastMembers(startSeconds);
  return start(dataDir, args);
};

/** Creates a pool that always has this many members, and waits until they are ready. */
export const createPool = async (target: Target, name: string, size: number, type = 'Noop'): Promise<void> => {
  const json = poolNamed(name, {
    capacitySpec: capacity(0, size, size, size),
    recycleStrategy: { type },
    scaleStrategy: { maxUnavailable: '100%' },
  });
  expect((await send(target, 'POST', '/v1/pools', { json }))?.status).toBe(201);
  await expect.poll(() => readyMembers(target, name), { timeout: 10_000 }).toBe(size);
};

/** Number of members that are ready and not allocated. */
export const readyMembers = async (target: Target, pool: string): Promise<number> =>
  (await listMembers(target, pool)).filter(({ phase, allocated }) => phase === 'ready' && !allocated).length;
