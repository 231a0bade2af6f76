// The Kubernetes store against a real API server: the contract of every store.
import { describe, inject, onTestFinished } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { SyncStatus } from '../../src/services/kubernetes/cache/sync-status.ts';
import { PoolCache } from '../../src/services/kubernetes/cache/pool-cache.ts';
import { Reflector } from '../../src/services/kubernetes/cache/reflector.ts';
import { ClusterConnection } from '../../src/services/kubernetes/connection/cluster-connection.ts';
import { findCluster } from '../../src/services/kubernetes/connection/kube-config.ts';
import { KubernetesPoolStore } from '../../src/services/kubernetes/kubernetes-pool-store.ts';
import { PoolsApi } from '../../src/services/kubernetes/resource/pools-api.ts';
import { describePoolStore } from '../services/pools/pool-store.contract.ts';
import { ClusterAccess } from './kit/cluster-access.ts';

const access = new ClusterAccess(inject('cluster'));

const openStore = async () => {
  const namespace = await access.createNamespace();
  const kubeconfigPath = access.kubeconfig('warmpool', { namespace });
  const { kubeConfig } = findCluster({ kubeconfigPaths: [kubeconfigPath] });
  const connection = new ClusterConnection(kubeConfig);
  const api = new PoolsApi(connection, namespace);
  const cache = new PoolCache(systemClock);
  const contact = new SyncStatus(systemClock, () => undefined);
  const reflector = new Reflector({ api, cache, contact, clock: systemClock });
  reflector.start();
  onTestFinished(async () => {
    await reflector.stop();
    cache.close();
    await connection.close();
  });
  return new KubernetesPoolStore({ api, cache, contact });
};

describe('KubernetesPoolStore', () => {
  describePoolStore(openStore);
});
