// A controller that never rests: writes the status of a pool as fast as the API server takes it, or at a pace.
import { setTimeout } from 'node:timers/promises';
import { CustomObjectsApi } from '@kubernetes/client-node';
import { setHeaderOptions, PatchStrategy } from '@kubernetes/client-node';
import { ClusterConnection } from '../../../src/services/kubernetes/connection/cluster-connection.ts';
import { findCluster } from '../../../src/services/kubernetes/connection/kube-config.ts';
import { WarmpoolError } from '../../../src/services/warmpool-error.ts';
import type { ClusterAccess } from './cluster-access.ts';

const PLACE = { group: 'sandbox.opensandbox.io', version: 'v1alpha1', plural: 'pools' };

const isGone = (error: unknown) => error instanceof WarmpoolError && error.code === 'KUBERNETES::POOL_NOT_FOUND';

/** Begins at once, and ends with its pool; `stop` resolves to how often it wrote. @param pauseMs Between two writes; default none. */
export const startStatusWriter = (access: ClusterAccess, namespace: string, name: string, pauseMs = 0) => {
  const connection = new ClusterConnection(findCluster({ kubeconfigPaths: [access.kubeconfig('admin')] }).kubeConfig);
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
      if (pauseMs > 0) await setTimeout(pauseMs);
    }
  };
  const running = run().catch((error: unknown) => {
    if (!isGone(error)) throw error;
  });
  return {
    stop: async (): Promise<number> => {
      isStopped = true;
      await running;
      await connection.close();
      return writes;
    },
  };
};
