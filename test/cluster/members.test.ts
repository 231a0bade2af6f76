// Pods as members. No kubelet runs here: the test writes what one would.
import { expect, inject, test } from 'vitest';
import type { PoolResponse } from '../../src/contract/pool.ts';
import { poolNamed } from '../support/pools.ts';
import { ClusterAccess } from './kit/cluster-access.ts';
import { makePod, READY, setPoolStatus } from './kit/pods.ts';
import { startServerOn } from './kit/server-on-cluster.ts';

const access = new ClusterAccess(inject('cluster'));

const pulling = {
  phase: 'Pending',
  containerStatuses: [
    {
      name: 'sandbox',
      restartCount: 0,
      image: 'busybox:1',
      imageID: '',
      ready: false,
      state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } },
    },
  ],
};

test('are the pods whose controller owner has the pool’s uid, with phase and allocation', async () => {
  const { call, namespace } = await startServerOn(access);
  const pool = (await call('POST', '/pools', { json: poolNamed('agents') })).body as PoolResponse;
  await makePod(access, namespace, 'agents-ready', pool, { status: READY });
  await makePod(access, namespace, 'agents-pulling', pool, { status: pulling, revision: 'r0' });
  await makePod(access, namespace, 'agents-failed', pool, { status: { phase: 'Failed', message: 'evicted' } });
  await makePod(access, namespace, 'agents-going', pool, { finalizers: ['test.dev/hold'] });
  await makePod(access, namespace, 'agents-other', pool, { owner: '00000000-0000-0000-0000-000000000000' });
  await access.kubectl('delete', 'pod', 'agents-going', '-n', namespace, '--wait=false');
  const status = { total: 3, allocated: 0, available: 1, revision: 'r1', updated: 2, observedGeneration: 1 };
  await setPoolStatus(access, namespace, 'agents', status);
  await expect
    .poll(async () => (await call('GET', '/pools/agents')).body)
    .toMatchObject({ status: { revision: 'r1' } });

  const members = await call('GET', '/v1/pools/agents/members');
  expect(members.status).toBe(200);
  expect(members.body).toMatchObject({
    items: [
      { name: 'agents-failed', pool: 'agents', phase: 'failed', message: 'evicted' },
      { name: 'agents-going', phase: 'terminating', allocated: false },
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
  expect((members.body as { items: unknown[] }).items).toHaveLength(4);
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
