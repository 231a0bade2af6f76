// Pods of pools and statuses of pools, written as the kubelet and OpenSandbox's controller would: neither runs here.
import type { PoolResponse } from '../../../src/contract/pool.ts';
import type { ClusterAccess } from './cluster-access.ts';

type PodOptions = { owner?: string; revision?: string; status?: object; finalizers?: string[] };

const patchStatus = (access: ClusterAccess, namespace: string, kind: string, name: string, status: object) =>
  access.kubectl(
    'patch',
    kind,
    name,
    '-n',
    namespace,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  );

export const setPoolStatus = (access: ClusterAccess, namespace: string, name: string, status: object) =>
  patchStatus(access, namespace, 'pool', name, status);

export const makePod = async (
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
  if (status) await patchStatus(access, namespace, 'pod', name, status);
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
