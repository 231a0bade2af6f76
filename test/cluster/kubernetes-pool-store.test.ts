// The Kubernetes store against a real API server: the contract of every store.
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { SyncStatus } from '../../src/services/kubernetes/cache/sync-status.ts';
import { PoolCache } from '../../src/services/kubernetes/cache/pool-cache.ts';
import { Reflector } from '../../src/services/kubernetes/cache/reflector.ts';
import { ClusterConnection } from '../../src/services/kubernetes/connection/cluster-connection.ts';
import { findCluster } from '../../src/services/kubernetes/connection/kube-config.ts';
import { KubernetesPoolStore } from '../../src/services/kubernetes/kubernetes-pool-store.ts';
import { POOLS } from '../../src/services/kubernetes/resource/pool-resource.ts';
import { ResourceClient } from '../../src/services/kubernetes/resource/resource-client.ts';
import type { WriteObserver } from '../../src/services/pools/observe-write.ts';
import { describePoolStore } from '../services/pools/pool-store.contract.ts';
import { capacity, specification } from '../support/pools.ts';
import { ClusterAccess } from './kit/cluster-access.ts';

const access = new ClusterAccess(inject('cluster'));

const openStore = async (observer?: WriteObserver) => {
  const namespace = await access.createNamespace();
  const kubeconfigPath = access.kubeconfig('warmpool', { namespace });
  const { kubeConfig } = findCluster({ kubeconfigPaths: [kubeconfigPath] });
  const connection = new ClusterConnection(kubeConfig);
  const client = new ResourceClient(connection, POOLS, namespace);
  const cache = new PoolCache(systemClock);
  const status = new SyncStatus(systemClock, () => undefined);
  const reflector = new Reflector({ listWatch: client, store: cache, status });
  reflector.start();
  onTestFinished(async () => {
    await reflector.stop();
    cache.close();
    await connection.close();
  });
  return new KubernetesPoolStore({ client, cache, status, observer });
};

describe('KubernetesPoolStore', () => {
  describePoolStore(() => openStore());
});

test('Each write of the store is reported once, whether or not it succeeded', async () => {
  const writes: string[] = [];
  const store = await openStore({ write: (call, isDone) => writes.push(`${call} ${isDone}`) });
  const stored = specification({ capacitySpec: capacity() });
  await store.create('a', stored);
  await store.update('a', () => ({ specification: stored, touchesMetadata: true }));
  await store.delete('a', () => undefined);
  await expect(store.delete('a', () => undefined)).rejects.toThrow('not found');
  expect(writes).toEqual(['create true', 'update true', 'delete true', 'delete false']);
});
