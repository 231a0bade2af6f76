// The real server process with `--driver docker`, and claims over HTTP.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, inject } from 'vitest';
import { Claim } from '../../../src/contract/claim.ts';
import { listMembers, send, type Target } from '../../server/claims/claims-client.ts';
import { dataFolder, start } from '../../support/server-process.ts';
import { capacity, poolNamed } from '../../support/pools.ts';
import { belongings, container, daemon, sweepAtEnd, templateOf } from './docker-runtime.ts';

type Where = { host: string; network: string };

/** A configuration file with the tests' daemon, as arguments. */
export const configured = (dataDir: string, { host, network }: Where = inject('docker')): string[] => {
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, 'config.toml');
  writeFileSync(file, `[local.docker]\nhost = "${host}"\nnetwork = "${network}"\n`);
  return ['--config', file];
};

/** A data directory of its own, and how servers on it are started. What they leave on the daemon is removed at the end. */
export const dockerServer = async (where?: Where) => {
  const dataDir = dataFolder();
  sweepAtEnd(dataDir, daemon(where?.host));
  const args = ['--driver', 'docker', ...configured(dataDir, where)];
  const startServer = () => start(dataDir, args);
  return { dataDir, startServer, server: await startServer() };
};

/** Greets with the name of its member on port 8000. */
export const greeter = (more: object = {}) =>
  container('while :; do hostname | nc -l -p 8000; done &', { ports: [{ containerPort: 8000 }], ...more });

type PoolOptions = { size: number; max?: number; recycling?: string; template?: object };

/** Creates a pool with a buffer of `size` members, and waits until they are ready. */
export const createPool = async (
  target: Target,
  name: string,
  { size, max = size, recycling = 'Delete', template = templateOf([greeter()]) }: PoolOptions,
): Promise<void> => {
  const json = poolNamed(name, {
    template,
    capacitySpec: capacity(size, size, 0, max),
    recycleStrategy: { type: recycling },
    scaleStrategy: { maxUnavailable: '100%' },
  });
  expect((await send(target, 'POST', '/v1/pools', { json }))?.status).toBe(201);
  await becomesFull(target, name, size);
};

/** Waits until so many members are ready and not held. */
export const becomesFull = (target: Target, pool: string, size: number): Promise<void> =>
  expect
    .poll(
      async () => {
        const members = await listMembers(target, pool);
        const ready = members.filter(({ phase, allocated }) => phase === 'ready' && !allocated);
        const others = members.filter((member) => !ready.includes(member));
        return {
          ready: ready.length,
          others: others.map(({ name, phase, claimId, message }) => ({ name, phase, claimId, message })),
        };
      },
      { timeout: 60_000, message: `ready members of pool "${pool}"` },
    )
    .toEqual({ ready: size, others: expect.any(Array) as unknown[] });

export const claim = async (target: Target, pool: string, json: object = {}): Promise<Claim> => {
  const answer = await send(target, 'POST', `/v1/pools/${pool}/claims`, { json });
  expect(answer, answer?.text).toMatchObject({ status: 201 });
  return Claim.parse(answer?.body);
};

export const release = async (target: Target, { id }: Claim): Promise<void> => {
  expect((await send(target, 'DELETE', `/v1/claims/${id}`))?.status).toBe(204);
};

export const getClaim = async (target: Target, { id }: Pick<Claim, 'id'>): Promise<Claim> =>
  Claim.parse((await send(target, 'GET', `/v1/claims/${id}`))?.body);

/** Waits until the daemon has exactly the containers of the pool's members. */
export const nothingLeftOver = (target: Target, pool: string, dataDir: string, docker = daemon()): Promise<void> =>
  expect
    .poll(
      async () => {
        const names = (await listMembers(target, pool)).map(({ name }) => name);
        const { containers } = await belongings(dataDir, docker);
        return { names, containers };
      },
      { timeout: 30_000, message: 'members and containers' },
    )
    .toSatisfy(
      ({ names, containers }: { names: string[]; containers: string[] }) => names.join() === containers.join(),
    );
