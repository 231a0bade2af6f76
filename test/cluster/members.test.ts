// Pods as members. No kubelet runs here: the test writes what it would write.
import { expect, inject, test } from 'vitest';
import type { PoolResponse } from '../../src/contract/pool.ts';
import { poolNamed } from '../support/pools.ts';
import { ClusterAccess } from './kit/cluster-access.ts';
import { createPod, READY } from './kit/pods.ts';
import { startServerOn } from './kit/server-on-cluster.ts';

const access = new ClusterAccess(inject('cluster'));

const waiting = (name: string, reason: string, message: string, restartCount = 0) => ({
  name,
  restartCount,
  image: 'busybox:1',
  imageID: '',
  ready: false,
  state: { waiting: { reason, message } },
});

const PULLING = {
  phase: 'Pending',
  containerStatuses: [waiting('sandbox', 'ImagePullBackOff', 'no such image')],
};
const INITIALIZING = {
  phase: 'Pending',
  initContainerStatuses: [waiting('daemon', 'CrashLoopBackOff', 'back-off 40s', 3)],
  containerStatuses: [waiting('sandbox', 'PodInitializing', '')],
};

test('The members of a pool are the pods whose controller owner has its uid, with phase and allocation', async () => {
  const { call, namespace } = await startServerOn(access);
  const pool = (await call('POST', '/pools', { json: poolNamed('agents') })).body as PoolResponse;
  await createPod(access, namespace, 'agents-ready', pool, { status: READY });
  await createPod(access, namespace, 'agents-pulling', pool, { status: PULLING, revision: 'r0' });
  await createPod(access, namespace, 'agents-init', pool, { status: INITIALIZING });
  await createPod(access, namespace, 'agents-failed', pool, { status: { phase: 'Failed', message: 'evicted' } });
  await createPod(access, namespace, 'agents-going', pool, { finalizers: ['test.dev/hold'] });
  await createPod(access, namespace, 'agents-other', pool, { owner: '00000000-0000-0000-0000-000000000000' });
  await access.kubectl('delete', 'pod', 'agents-going', '-n', namespace, '--wait=false');
  const status = { total: 3, allocated: 0, available: 1, revision: 'r1', updated: 2, observedGeneration: 1 };
  await access.patchStatus(namespace, 'pool', 'agents', status);
  await expect
    .poll(async () => (await call('GET', '/pools/agents')).body)
    .toMatchObject({ status: { revision: 'r1' } });

  const members = await call('GET', '/v1/pools/agents/members');
  expect(members.status).toBe(200);
  expect(members.body).toMatchObject({
    items: [
      { name: 'agents-failed', pool: 'agents', phase: 'failed', message: 'evicted' },
      { name: 'agents-going', phase: 'terminating', allocated: false },
      {
        name: 'agents-init',
        phase: 'starting',
        restarts: 3,
        message: 'init container "daemon": CrashLoopBackOff: back-off 40s',
      },
      { name: 'agents-pulling', phase: 'starting', stale: true, message: 'ImagePullBackOff: no such image' },
      {
        name: 'agents-ready',
        phase: 'ready',
        stale: false,
        address: '10.1.2.3',
        node: 'node1',
        restarts: 2,
        readyAt: '2026-11-24T10:00:00.000Z',
      },
    ],
  });
  expect((members.body as { items: unknown[] }).items).toHaveLength(5);
  await access.kubectl(
    'patch',
    'pod',
    'agents-going',
    '-n',
    namespace,
    '--type=merge',
    '-p',
    '{"metadata":{"finalizers":null}}',
  );
});
