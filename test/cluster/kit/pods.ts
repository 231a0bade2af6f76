// Pods of pools, written as OpenSandbox's controller and the kubelet would: neither runs here.
import type { PoolResponse } from '../../../src/contract/pool.ts';
import type { ClusterAccess } from './cluster-access.ts';

type PodOptions = { owner?: string; revision?: string; status?: object; finalizers?: string[] };

export const createPod = async (
  access: ClusterAccess,
  namespace: string,
  name: string,
  pool: PoolResponse,
  options: PodOptions = {},
) => {
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
  if (status) await access.patchStatus(namespace, 'pod', name, status);
};

/** The status of a pod that is ready. */
export const READY = {
  phase: 'Running',
  podIP: '10.1.2.3',
  conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-11-24T10:00:00Z' }],
  containerStatuses: [
    { name: 'sandbox', restartCount: 2, image: 'busybox:1', imageID: 'x', ready: true, state: { running: {} } },
  ],
};
