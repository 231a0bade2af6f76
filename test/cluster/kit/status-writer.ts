// A controller that never pauses: writes the status of a pool as fast as the API server accepts it, or at a pace.
import { setTimeout } from 'node:timers/promises';
import { WarmpoolError } from '../../../src/services/warmpool-error.ts';
import type { ClusterAccess } from './cluster-access.ts';

const isGone = (error: unknown) => error instanceof WarmpoolError && error.code === 'KUBERNETES::POOL_NOT_FOUND';

/** Begins immediately, and ends with its pool; `stop` resolves to the number of writes. @param pauseMs Between two writes; default none. */
export const startStatusWriter = (access: ClusterAccess, namespace: string, name: string, pauseMs = 0) => {
  const connection = access.connect();
  const path = `/apis/sandbox.opensandbox.io/v1alpha1/namespaces/${namespace}/pools/${name}/status`;
  let isStopped = false;
  let writes = 0;
  const run = async () => {
    while (!isStopped) {
      const status = { total: writes, allocated: 0, available: writes, revision: 'r1', observedGeneration: 1 };
      const query = { fieldManager: 'another-controller' };
      const patch = {
        verb: 'patch',
        path,
        query,
        mediaType: 'application/merge-patch+json',
        body: { status },
      } as const;
      await connection.request(patch, AbortSignal.timeout(5_000));
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
