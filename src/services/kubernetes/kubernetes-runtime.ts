// The Kubernetes runtime: pools are custom resources, and another controller scales them. Imported only where it is configured.
import type { Clock } from '../../lib/clock.ts';
import { refusedClaims } from '../claims/refused-claims.ts';
import { reportedHistory } from '../history/reported-history.ts';
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
import { POOLS } from './resource/pool-resource.ts';
import { ResourceClient } from './resource/resource-client.ts';

type KubernetesRuntimeOptions = KubeConfigOptions & {
  readonly clock: Clock;
  /** After how many seconds the API server ends a watch; a half-open connection is detected 5 s later. Default 15. */
  readonly watchSeconds?: number;
  readonly observer: RuntimeObserver;
};

/** Starts to read the pools without waiting for them: a server starts even while the cluster is unreachable. Throws KubeConfigError. */
export const openKubernetesRuntime = (options: KubernetesRuntimeOptions): Runtime => {
  const { clock, observer, watchSeconds } = options;
  const cluster = findCluster(options);
  const { kubeConfig, namespace, context } = cluster;
  observer.clusterSelected(cluster);
  const connection = new ClusterConnection(kubeConfig, observer.call.bind(observer));
  const client = new ResourceClient(connection, POOLS, namespace);
  const cache = new PoolCache(clock);
  const status = new SyncStatus(clock, observer.syncChanged.bind(observer));
  const reflector = new Reflector({ listWatch: client, store: cache, status, watchSeconds });
  const store = new KubernetesPoolStore({ client, cache, status, observer });
  const members = new PodMembers(connection, namespace);
  reflector.start();
  return {
    ports: {
      store,
      members,
      decisions: noDecisions,
      planner: new PodPlanner(members, clock),
      // The API server validates templates.
      reviewTemplate: () => [],
      claims: refusedClaims(new WarmpoolError('RUNTIME::NOT_SUPPORTED', NO_CLAIMS)),
      history: reportedHistory(() => status.isReadable && status.ageSeconds() === undefined),
      clock,
      observer,
    },
    place: { namespace, context },
    problems: () => (status.problem === undefined ? [] : [status.problem]),
    get notReady() {
      return status.notReady;
    },
    ageSeconds: () => (status.isReadable ? status.ageSeconds() : undefined),
    countMembers: async () => cache.pools.list().map(({ name, status }) => ({ pool: name, status })),
    close: async () => {
      await reflector.stop();
      cache.close();
      await connection.close();
    },
  };
};

const NO_DECISIONS =
  'On Kubernetes, another controller scales the pools and records no decisions. See the conditions in the status.';

const NO_CLAIMS = 'On Kubernetes, another controller manages the members. Claim and stop them through that controller.';

const noDecisions: DecisionReader = {
  list: () => Promise.reject(new WarmpoolError('RUNTIME::NOT_SUPPORTED', NO_DECISIONS)),
};
