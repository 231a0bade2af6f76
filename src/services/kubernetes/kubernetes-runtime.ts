// The Kubernetes runtime: pools are custom resources, and another controller scales them. Imported only where it is configured.
import type { Clock } from '../../lib/clock.ts';
import { PoolService } from '../pools/pool-service.ts';
import type { DecisionReader, WriteObserver } from '../pools/ports.ts';
import type { Runtime } from '../runtime.ts';
import { PoolStream } from '../stream/pool-stream.ts';
import { WarmpoolError } from '../warmpool-error.ts';
import { SyncStatus } from './cache/sync-status.ts';
import { PoolCache } from './cache/pool-cache.ts';
import { Reflector } from './cache/reflector.ts';
import { ClusterConnection, type CallObserver } from './connection/cluster-connection.ts';
import { findCluster, type Cluster, type KubeConfigOptions } from './connection/kube-config.ts';
import { KubernetesPoolStore } from './kubernetes-pool-store.ts';
import { PodMembers } from './members/pod-members.ts';
import { PodPlanner } from './members/pod-planner.ts';
import { POOLS } from './resource/pool-resource.ts';
import { ResourceClient } from './resource/resource-client.ts';

type KubernetesRuntimeOptions = KubeConfigOptions & {
  readonly clock: Clock;
  /** After how many seconds the API server ends a watch; a half-open connection is noticed 5 s later. Default 15. */
  readonly watchSeconds?: number;
  /** Receives every write of the store. */
  readonly onWrite?: WriteObserver;
  /** Receives every call to the API server. */
  readonly onCall?: CallObserver;
  /** Receives the cluster and namespace of the pools at once, for the log. */
  readonly onCluster?: (cluster: Cluster) => void;
  /** Receives why the sync with the API server was lost, once for each reason, and undefined when it is back. */
  readonly onContact?: (problem: WarmpoolError | undefined) => void;
};

/** Starts to read the pools without waiting for them: a server starts also while the cluster is unreachable. Throws KubeConfigError. */
export const openKubernetesRuntime = (options: KubernetesRuntimeOptions): Runtime => {
  const { clock, onCall, onWrite, onContact = () => undefined, watchSeconds } = options;
  const cluster = findCluster(options);
  const { kubeConfig, namespace } = cluster;
  options.onCluster?.(cluster);
  const connection = new ClusterConnection(kubeConfig, onCall);
  const client = new ResourceClient(connection, POOLS, namespace);
  const cache = new PoolCache(clock);
  const status = new SyncStatus(clock, onContact);
  const reflector = new Reflector({ listWatch: client, store: cache, status, watchSeconds });
  const store = new KubernetesPoolStore({ client, cache, status, onWrite });
  const members = new PodMembers(connection, namespace);
  const stream = new PoolStream({ store, clock });
  reflector.start();
  return {
    stream,
    pools: new PoolService({ store, members, decisions: noDecisions, planner: new PodPlanner(members, clock), clock }),
    problems: () => (status.problem === undefined ? [] : [status.problem]),
    get notReady() {
      return status.notReady;
    },
    ageSeconds: () => (status.isReadable ? status.ageSeconds() : undefined),
    countMembers: async () => cache.list().map(({ name, status }) => ({ pool: name, status })),
    close: async () => {
      await stream.close();
      await reflector.stop();
      cache.close();
      await connection.close();
    },
  };
};

const NO_DECISIONS =
  'On Kubernetes another controller scales the pools, and it keeps no decisions. See the conditions in the status.';

const noDecisions: DecisionReader = {
  list: () => Promise.reject(new WarmpoolError('RUNTIME::NOT_SUPPORTED', NO_DECISIONS)),
};
