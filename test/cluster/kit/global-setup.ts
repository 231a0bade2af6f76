// One cluster for all test files, with the CRD of pools installed as by an administrator.
import type { TestProject } from 'vitest/node';
import { PoolCrd } from '../../../src/services/kubernetes/crd/pool-crd.ts';
import type { ClusterDescription } from './cluster-access.ts';
import { TestCluster } from './test-cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    cluster: ClusterDescription;
  }
}

export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const cluster = await TestCluster.start();
  const crd = new PoolCrd({ kubeconfigPaths: [cluster.access.kubeconfig('admin')], controller: 'warmpool' });
  await crd.install();
  await crd.close();
  provide('cluster', cluster.access.description);
  return () => cluster.stop();
};
