// The Kubernetes runtime: pools are custom resources, another controller acts on them. Imported only when it is chosen.
import type { Clock } from '../../lib/clock.ts';
import { observeWrites } from '../pools/observed-store.ts';
import type { DecisionReader } from '../pools/ports.ts';
import type { RuntimeObserver } from '../runtime-observer.ts';
import type { Runtime } from '../runtime.ts';
import { WarmpoolError } from '../warmpool-error.ts';
import { SyncStatus } from './cache/sync-status.ts';
import { PoolCache } from './cache/pool-cache.ts';
import { Reflector } from './cache/reflector.ts';
import { ClusterConnection } from './connection/cluster-connection.ts';
import { findCluster, type KubeConfigOptions } from './connection/kube-config.ts';
import { KubernetesPoolStore } from './kubernetes-pool-store.ts';
import { PodMembers } from './members/pod-members.ts';
import { PodPlanner } from './members/pod-planner.ts';
import { PoolsApi } from './resource/pools-api.ts';

type KubernetesRuntimeOptions = KubeConfigOptions & {
  readonly clock: Clock;
  /** After how many seconds the API server ends a watch; a connection that is half-open is noticed 5 s later. Default 15. */
  readonly watchSeconds?: number;
  readonly observer: RuntimeObserver;
};

/** Starts to read the pools and does not wait for them: a cluster that cannot be reached is no reason not to start. Throws KubeConfigError. */
export const openKubernetesRuntime = (options: KubernetesRuntimeOptions): Runtime => {
  const { clock, observer } = options;
  const cluster = findCluster(options);
  const { kubeConfig, namespace } = cluster;
  observer.clusterSelected(cluster);
  const connection = new ClusterConnection(kubeConfig, (...call) => {
    observer.call(...call);
  });
  const api = new PoolsApi(connection, namespace);
  const cache = new PoolCache(clock);
  const contact = new SyncStatus(clock, (problem) => {
    observer.syncChanged(problem);
  });
  const reflector = new Reflector({ ...options, api, cache, contact });
  const store = new KubernetesPoolStore({ api, cache, contact });
  const members = new PodMembers(connection, namespace);
  reflector.start();
  return {
    ports: {
      store: observeWrites(store, observer),
      members,
      decisions: noDecisions,
      planner: new PodPlanner(members, clock),
      clock,
    },
    problems: () => (contact.problem === undefined ? [] : [contact.problem]),
    get notReady() {
      return contact.notReady;
    },
    ageSeconds: () => (contact.isReadable ? contact.ageSeconds() : undefined),
    countMembers: async () => cache.list().map(({ name, status }) => ({ pool: name, status })),
    close: async () => {
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
