// One cluster for all test files, with the definition of pools installed as an administrator would.
import type { TestProject } from 'vitest/node';
import { PoolDefinition } from '../../../src/services/kubernetes/crd/pool-definition.ts';
import type { ClusterDescription } from './cluster-access.ts';
import { TestCluster } from './test-cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    cluster: ClusterDescription;
  }
}

export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const cluster = await TestCluster.start();
  const definition = new PoolDefinition({ kubeconfigPaths: [cluster.access.kubeconfig('admin')] });
  await definition.install();
  await definition.close();
  provide('cluster', cluster.access.description);
  return () => cluster.stop();
};
