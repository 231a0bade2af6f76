// Pods as members. No kubelet runs here: the test writes what one would.
import { expect, inject, test } from 'vitest';
import type { PoolResponse } from '../../src/contract/pool.ts';
import { poolNamed } from '../support/pools.ts';
import { ClusterAccess } from './kit/cluster-access.ts';
import { startServerOn } from './kit/server-on-cluster.ts';

const access = new ClusterAccess(inject('cluster'));

type PodOptions = { owner?: string; revision?: string; status?: object; finalizers?: string[] };

const makePod = async (namespace: string, name: string, pool: PoolResponse, options: PodOptions = {}) => {
  const { owner = pool.uid, revision = 'r1', status, finalizers = [] } = options;
  const metadata = {
    name,
    finalizers,
    labels: { 'sandbox.opensandbox.io/pool-name': pool.name, 'sandbox.opensandbox.io/pool-revision': revision },
    ownerReferences: [
      { apiVersion: 'sandbox.opensandbox.io/v1alpha1', kind: 'Pool', name: pool.name, uid: owner, controller: true },
    ],
  };
  const spec = { containers: [{ name: 'sandbox', image: 'busybox:1' }], nodeName: 'node1' };
  await access.apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec }, '-n', namespace);
  if (status)
    await access.kubectl(
      'patch',
      'pod',
      name,
      '-n',
      namespace,
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify({ status }),
    );
};

const ready = {
  phase: 'Running',
  podIP: '10.1.2.3',
  conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-11-24T10:00:00Z' }],
  containerStatuses: [
    { name: 'sandbox', restartCount: 2, image: 'busybox:1', imageID: 'x', ready: true, state: { running: {} } },
  ],
};
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
  await makePod(namespace, 'agents-ready', pool, { status: ready });
  await makePod(namespace, 'agents-pulling', pool, { status: pulling, revision: 'r0' });
  await makePod(namespace, 'agents-failed', pool, { status: { phase: 'Failed', message: 'evicted' } });
  await makePod(namespace, 'agents-going', pool, { finalizers: ['test.dev/hold'] });
  await makePod(namespace, 'agents-other', pool, { owner: '00000000-0000-0000-0000-000000000000' });
  await access.kubectl('delete', 'pod', 'agents-going', '-n', namespace, '--wait=false');
  const status = { total: 3, allocated: 0, available: 1, revision: 'r1', updated: 2, observedGeneration: 1 };
  await access.kubectl(
    'patch',
    'pool',
    'agents',
    '-n',
    namespace,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  );
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
