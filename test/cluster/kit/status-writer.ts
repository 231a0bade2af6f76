// A controller that never rests: writes the status of a pool as fast as the API server takes it.
import { CustomObjectsApi } from '@kubernetes/client-node';
import { setHeaderOptions, PatchStrategy } from '@kubernetes/client-node';
import { ClusterConnection } from '../../../src/services/kubernetes/connection/cluster-connection.ts';
import { findCluster } from '../../../src/services/kubernetes/connection/kube-config.ts';
import type { ClusterAccess } from './cluster-access.ts';

const PLACE = { group: 'sandbox.opensandbox.io', version: 'v1alpha1', plural: 'pools' };

/** Begins at once; `stop` resolves to how often it wrote. */
export const startStatusWriter = (access: ClusterAccess, namespace: string, name: string) => {
  const connection = new ClusterConnection(findCluster({ kubeconfigPath: access.kubeconfig('admin') }).kubeConfig);
  const api = connection.client(CustomObjectsApi);
  let isStopped = false;
  let writes = 0;
  const run = async () => {
    while (!isStopped) {
      const status = { total: writes, allocated: 0, available: writes, revision: 'r1', observedGeneration: 1 };
      await connection.call('patch', AbortSignal.timeout(5_000), (options) =>
        api.patchNamespacedCustomObjectStatus(
          { ...PLACE, namespace, name, body: { status } },
          setHeaderOptions('Content-Type', PatchStrategy.MergePatch, options),
        ),
      );
      writes += 1;
    }
  };
  const running = run();
  return {
    stop: async (): Promise<number> => {
      isStopped = true;
      await running;
      await connection.close();
      return writes;
    },
  };
};
