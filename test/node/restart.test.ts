// Recycling by Restart, on pods that run.
import { expect, inject, test } from 'vitest';
import type { Claim } from '../../src/contract/claim.ts';
import { ClusterAccess } from '../cluster/kit/cluster-access.ts';
import { IMAGE } from '../cluster/kit/node/image.ts';
import { poolNamed } from '../support/pools.ts';
import { startTestServer } from '../support/test-server.ts';

const access = new ClusterAccess(inject('cluster'));
const POLL = { timeout: 45_000, interval: 200 };

/** A server whose controller manages a pool of one member. */
const startPool = async (spec: object) => {
  const namespace = await access.createNamespace();
  const kubeconfigPaths = [access.kubeconfig('admin', { namespace })];
  const { call } = await startTestServer({
    config: (config) => ({
      ...config,
      runtime: 'kubernetes',
      kubernetes: { ...config.kubernetes, controller: 'warmpool', kubeconfigPaths },
    }),
  });
  const capacitySpec = { bufferMin: 1, bufferMax: 1, poolMin: 0, poolMax: 1 };
  const recycleStrategy = { type: 'Restart' };
  const pool = { ...poolNamed('agents'), capacitySpec, recycleStrategy, template: { spec } };
  expect(await call('POST', '/v1/pools', { json: pool })).toMatchObject({ status: 201 });
  const claim = async (): Promise<Claim> => {
    const response = await call('POST', '/v1/pools/agents/claims', { json: { waitSeconds: 45 } });
    expect(response).toMatchObject({ status: 201 });
    return response.body as Claim;
  };
  const release = async ({ id }: Claim): Promise<void> => {
    expect(await call('DELETE', `/v1/claims/${id}`)).toMatchObject({ status: 204 });
  };
  const kubectl = (...args: string[]) => access.kubectl('-n', namespace, ...args);
  const containerId = (name: string) =>
    kubectl('get', 'pod', name, '-o', 'jsonpath={.status.containerStatuses[0].containerID}');
  const available = async () => (await call('GET', '/v1/pools/agents')).body;
  return { claim, release, kubectl, containerId, available };
};

const SANDBOX = { name: 'sandbox', image: IMAGE };

test('With Restart, the next holder gets the same pod with another container, without the files of the last one', async () => {
  const pool = await startPool({ containers: [SANDBOX], terminationGracePeriodSeconds: 1 });
  const first = await pool.claim();
  const { name } = first.member;
  await pool.kubectl('exec', name, '--', 'touch', '/tmp/secret');
  expect(await pool.kubectl('exec', name, '--', 'ls', '/tmp')).toBe('secret\n');
  const before = await pool.containerId(name);

  await pool.release(first);
  await expect.poll(pool.available, POLL).toMatchObject({ status: { total: 1, available: 1, allocated: 0 } });
  expect(await pool.containerId(name)).not.toBe(before);
  expect(await pool.kubectl('get', 'pod', name, '-o', 'jsonpath={.metadata.annotations.warmpool\\.dev/idle}')).toBe(
    '1',
  );

  const second = await pool.claim();
  expect(second.member.name).toBe(name);
  expect(second.id).not.toBe(first.id);
  expect(await pool.kubectl('exec', name, '--', 'ls', '/tmp')).toBe('');
});

test('With Restart, a pod whose containers share a process namespace is deleted, and the next holder gets a new one', async () => {
  const pool = await startPool({
    containers: [SANDBOX],
    shareProcessNamespace: true,
    terminationGracePeriodSeconds: 1,
  });
  const first = await pool.claim();
  await pool.release(first);
  expect((await pool.claim()).member.name).not.toBe(first.member.name);
});

test('With Restart, a pod without the command kill is deleted, and the next holder gets a new one', async () => {
  const pool = await startPool({
    containers: [{ ...SANDBOX, command: ['/bin/sh', '-c', 'rm /bin/kill; trap "exit 0" TERM; sleep 3600 & wait'] }],
    terminationGracePeriodSeconds: 1,
  });
  const first = await pool.claim();
  await expect.poll(() => pool.kubectl('exec', first.member.name, '--', 'ls', '/bin'), POLL).not.toMatch(/^kill$/m);
  await pool.release(first);
  expect((await pool.claim()).member.name).not.toBe(first.member.name);
});
