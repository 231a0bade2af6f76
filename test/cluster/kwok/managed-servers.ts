// Servers of Warmpool's own controller on a cluster, as processes, watched by the checker.
import { expect, onTestFinished } from 'vitest';
import { ClusterChecker } from '../../../src/services/kubernetes/check/cluster-checker.ts';
import type { Claim } from '../../../src/contract/claim.ts';
import { call, launch, listening, type ServerProcess } from '../../support/server-process.ts';
import type { ClusterAccess, User } from '../kit/cluster-access.ts';

const KEY = 'key-of-the-test';

/** A new namespace with the shipped Role, checked from before the first write. The test fails at its end if a promise was broken. */
export const openNamespace = async (access: ClusterAccess) => {
  const namespace = await access.createNamespace('warmpool');
  const connection = access.connect();
  const checker = await ClusterChecker.start(connection, namespace);
  onTestFinished(async () => {
    const { violations } = await checker.settle();
    await checker.stop();
    await connection.close();
    expect(violations).toEqual([]);
  });
  const startServer = async (user: User = 'warmpool'): Promise<ServerProcess> => {
    const kubeconfig = access.kubeconfig(user, { namespace });
    const env = { KUBECONFIG: kubeconfig, OPENSANDBOX_SERVER_API_KEY: KEY };
    const args = ['--port', '0', '--runtime', 'kubernetes', '--controller', 'warmpool'];
    const server = { ...(await listening(launch(args, env), '/nonexistent')), key: KEY };
    await expect.poll(async () => (await call(server, 'GET', '/ready')).status, { timeout: 15_000 }).toBe(200);
    return server;
  };
  return { namespace, checker, startServer };
};

type Checker = Pick<ClusterChecker, 'answered'>;

/** A client that records what it is answered. */
export const recordingClient = (checker: Checker, server: () => ServerProcess) => ({
  /** Undefined if nothing was free. */
  claim: async (pool: string, body: object = {}, key?: string): Promise<Claim | undefined> => {
    const more = key === undefined ? {} : { 'Idempotency-Key': key };
    const { status, body: answer } = await call(server(), 'POST', `/v1/pools/${pool}/claims`, body, more);
    if (status !== 201) return undefined;
    const claim = answer as unknown as Claim;
    const { id: claimId, poolUid, member } = claim;
    checker.answered({ at: Date.now(), kind: 'claimed', claimId, pod: member.name, poolUid, key });
    return claim;
  },
  release: async (claimId: string): Promise<void> => {
    const { status } = await call(server(), 'DELETE', `/v1/claims/${claimId}`);
    if (status === 204) checker.answered({ at: Date.now(), kind: 'released', claimId });
  },
});

/** Creates a pool, and waits until it has as many members available as its buffer wants. */
export const createPool = async (server: ServerProcess, name: string, bufferMin: number, more: object = {}) => {
  const { status, body } = await call(server, 'POST', '/v1/pools', {
    name,
    template: { spec: { containers: [{ name: 'sandbox', image: 'busybox:1' }] } },
    capacitySpec: { bufferMin, bufferMax: bufferMin * 2, poolMin: bufferMin, poolMax: bufferMin * 20 },
    scaleStrategy: { maxUnavailable: '100%' },
    ...more,
  });
  expect({ status, body }).toMatchObject({ status: 201 });
  await untilAvailable(server, name, bufferMin);
};

export const untilAvailable = async (server: ServerProcess, name: string, count: number): Promise<void> => {
  const available = async () => {
    const { body } = await call(server, 'GET', `/v1/pools/${name}`);
    return (body?.status as { available?: number } | undefined)?.available ?? 0;
  };
  await expect.poll(available, { timeout: 30_000 }).toBeGreaterThanOrEqual(count);
};
