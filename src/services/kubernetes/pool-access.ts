// The pools of a namespace: what every kind of Kubernetes runtime begins with.
import type { Clock } from '../../lib/clock.ts';
import type { RuntimeObserver } from '../runtime-observer.ts';
import { PoolCache } from './cache/pool-cache.ts';
import { allStores } from './cache/all-stores.ts';
import { Reflector, type ObjectStore } from './cache/reflector.ts';
import { SyncStatus } from './cache/sync-status.ts';
import { ClusterConnection } from './connection/cluster-connection.ts';
import { findCluster, type KubeConfigOptions } from './connection/kube-config.ts';
import { POOLS, type PoolResource } from './resource/pool-resource.ts';
import { ResourceClient } from './resource/resource-client.ts';

export type PoolAccessOptions = KubeConfigOptions & {
  readonly clock: Clock;
  /** After how many seconds the API server ends a watch; a half-open connection is detected 5 s later. Default 15. */
  readonly watchSeconds?: number;
  readonly observer: RuntimeObserver;
};

type Following = {
  /** Receives every version of every pool after the cache. */
  readonly follower?: ObjectStore<PoolResource>;
  /** What to do about pools that have no mark of Warmpool's controller, as a sentence. Default: nothing, they need none. */
  readonly handOver?: string;
};

/** Starts to read the pools without waiting for them: a server starts even while the cluster is unreachable. Throws KubeConfigError. */
export const openPoolAccess = (options: PoolAccessOptions, { handOver, follower }: Following = {}) => {
  const { clock, observer, watchSeconds } = options;
  const cluster = findCluster(options);
  const { kubeConfig, namespace, context } = cluster;
  observer.clusterSelected(cluster);
  const connection = new ClusterConnection(kubeConfig, observer.call.bind(observer));
  const client = new ResourceClient(connection, POOLS, namespace);
  const cache = new PoolCache(clock, { handOver });
  const status = new SyncStatus(clock, observer.syncChanged.bind(observer));
  const reflector = new Reflector({
    listWatch: client,
    store: follower === undefined ? cache : allStores(cache, follower),
    status,
    watchSeconds,
  });
  reflector.start();
  return {
    connection,
    namespace,
    client,
    cache,
    status,
    place: { namespace, context },
    close: async (): Promise<void> => {
      await reflector.stop();
      cache.close();
      await connection.close();
    },
  };
};
