// One cluster for all test files of a project, with the CRD of pools installed as by an administrator.
import type { TestProject } from 'vitest/node';
import { PoolCrd } from '../../../src/services/kubernetes/crd/pool-crd.ts';
import type { Mode } from './binaries.ts';
import type { ClusterDescription } from './cluster-access.ts';
import { TestCluster } from './test-cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    cluster: ClusterDescription;
  }
}

export const setUp = async ({ provide }: TestProject, mode: Mode): Promise<() => Promise<void>> => {
  const cluster = await TestCluster.start({ mode });
  try {
    const crd = new PoolCrd({ kubeconfigPaths: [cluster.access.kubeconfig('admin')], controller: 'warmpool' });
    await crd.install();
    await crd.close();
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  provide('cluster', cluster.access.description);
  return () => cluster.stop();
};

export default (project: TestProject): Promise<() => Promise<void>> => setUp(project, 'api');
