// The Kubernetes runtime: pools are custom resources, another controller acts on them. Imported only when it is chosen.
import type { Clock } from '../../lib/clock.ts';
import { observeWrites, type WriteObserver } from '../pools/observed-store.ts';
import { PoolService } from '../pools/pool-service.ts';
import type { DecisionReader } from '../pools/ports.ts';
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
import { PoolsApi } from './resource/pools-api.ts';

type KubernetesRuntimeOptions = KubeConfigOptions & {
  readonly clock: Clock;
  /** After how many seconds the API server ends a watch; a connection that is half-open is noticed 5 s later. Default 15. */
  readonly watchSeconds?: number;
  /** Told of every write of the store: whether it was done, and how long it took. */
  readonly onWrite?: WriteObserver;
  /** Told of every call to the API server. */
  readonly onCall?: CallObserver;
  /** Receives the cluster and namespace of the pools at once, for the log. */
  readonly onCluster?: (cluster: Cluster) => void;
  /** Told why contact with the API server was lost, once for each reason, and undefined when it is found again. */
  readonly onContact?: (problem: WarmpoolError | undefined) => void;
};

/** Starts to read the pools and does not wait for them: a cluster that cannot be reached is no reason not to start. Throws KubeConfigError. */
export const openKubernetesRuntime = (options: KubernetesRuntimeOptions): Runtime => {
  const { clock, onCall, onWrite, onContact = () => undefined } = options;
  const cluster = findCluster(options);
  const { kubeConfig, namespace } = cluster;
  options.onCluster?.(cluster);
  const connection = new ClusterConnection(kubeConfig, onCall);
  const api = new PoolsApi(connection, namespace);
  const cache = new PoolCache(clock);
  const contact = new SyncStatus(clock, onContact);
  const reflector = new Reflector({ ...options, api, cache, contact });
  const store = new KubernetesPoolStore({ api, cache, contact });
  const members = new PodMembers(connection, namespace);
  const stream = new PoolStream({ store, clock });
  reflector.start();
  return {
    stream,
    pools: new PoolService({
      store: onWrite ? observeWrites(store, onWrite) : store,
      members,
      decisions: noDecisions,
      planner: new PodPlanner(members, clock),
      clock,
    }),
    problems: () => (contact.problem === undefined ? [] : [contact.problem]),
    get notReady() {
      return contact.notReady;
    },
    ageSeconds: () => (contact.isReadable ? contact.ageSeconds() : undefined),
    countMembers: async () => cache.list().map(({ name, status }) => ({ pool: name, status })),
    close: async () => {
      await stream.close();
      await reflector.stop();
      cache.close();
      await connection.close();
    },
  };
};

const noDecisions: DecisionReader = {
  list: async () => {
    throw new WarmpoolError(
      'RUNTIME::NOT_SUPPORTED',
      'On Kubernetes another controller decides about pools, and keeps no decisions. The conditions in the status say what can be known.',
    );
  },
};
