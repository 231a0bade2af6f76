// Servers for the browser's tests, and what somebody else does with them over the API.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect } from 'vitest';
import { capacity, poolNamed, template } from '../../support/pools.ts';
import { call, listening, spawnServer, start, type ServerProcess } from '../../support/server-process.ts';
import { removeFolder } from '../../support/remove-folder.ts';

/** One server for all tests of a file. It starts when the first of them asks for it. */
export const useServer = (): (() => Promise<ServerProcess>) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warmpool-data-'));
  const dataDir = path.join(folder, 'data');
  let launched: ReturnType<typeof spawnServer> | undefined;
  let running: Promise<ServerProcess> | undefined;
  afterAll(async () => {
    await launched?.kill();
    removeFolder(folder);
  });
  return () => {
    launched ??= spawnServer(['--port', '0', '--data-dir', dataDir]);
    return (running ??= listening(launched, dataDir));
  };
};

/** Ends the process as a crash does. */
export const crash = async ({ child, exited }: ServerProcess): Promise<void> => {
  child.kill('SIGKILL');
  await exited;
};

/** Starts a server that has crashed again: at the same address, with the same data. */
export const restart = ({ url }: ServerProcess, dataDir: string): Promise<ServerProcess> =>
  start(dataDir, ['--port', new URL(url).port]);

/** A template whose simulated members are ready after this many seconds on average. */
export const templateWith = (startSeconds: number, image?: string) => ({
  metadata: { annotations: { 'simulated.warmpool.dev/start-seconds': String(startSeconds) } },
  ...template(image),
});

type PoolOptions = {
  /** Default: buffer 2 to 4, poolMax 10. */
  readonly bounds?: object;
  readonly startSeconds?: number;
} & Readonly<Record<string, unknown>>;

/** Stores a pool over the API, as somebody else would. */
export const storePool = async (
  server: ServerProcess,
  name: string,
  { bounds = capacity(2, 4, 0, 10), startSeconds = 0.1, ...more }: PoolOptions = {},
): Promise<void> => {
  const pool = poolNamed(name, { template: templateWith(startSeconds), capacitySpec: bounds, ...more });
  const answer = await call(server, 'POST', '/v1/pools', pool);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
};

/** Changes a pool over the API, as somebody else would. */
export const patchPool = async (server: ServerProcess, name: string, patch: object): Promise<void> => {
  const answer = await call(server, 'PATCH', `/v1/pools/${name}`, patch);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
};

/** What the server has stored. */
export const readPool = async (server: ServerProcess, name: string): Promise<Readonly<Record<string, unknown>>> =>
  (await call(server, 'GET', `/v1/pools/${name}`)).body ?? {};

/** Claims a member over the API. Returns the claim's id, and the name of its member. */
export const takeClaim = async (server: ServerProcess, pool: string, labels: Readonly<Record<string, string>> = {}) => {
  const answer = await call(server, 'POST', `/v1/pools/${pool}/claims`, { ttlSeconds: 600, waitSeconds: 20, labels });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  const { id, member } = answer.body as { id: string; member: { name: string } };
  return { id, member: member.name };
};
