// Pods that run.
import type { ClusterAccess } from '../cluster/kit/cluster-access.ts';

export const createPod = async (access: ClusterAccess, namespace: string, name: string, image: string) => {
  const spec = { containers: [{ name: 'sandbox', image }], terminationGracePeriodSeconds: 5 };
  await access.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }, '-n', namespace);
};

/** Waits until a pod is Ready. */
export const becomesReady = async (access: ClusterAccess, namespace: string, name: string) => {
  await access.kubectl('wait', '--for=condition=Ready', `pod/${name}`, '-n', namespace, '--timeout=60s');
};
