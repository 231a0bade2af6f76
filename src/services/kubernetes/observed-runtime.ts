// Pools that another controller scales: Warmpool reads them, and writes their specifications.
import { refusedClaims } from '../claims/refused-claims.ts';
import { reportedHistory } from '../history/reported-history.ts';
import type { DecisionReader } from '../pools/ports.ts';
import type { Runtime } from '../runtime.ts';
import { WarmpoolError } from '../warmpool-error.ts';
import { KubernetesPoolStore } from './kubernetes-pool-store.ts';
import { PodMembers } from './members/pod-members.ts';
import { PodPlanner } from './members/pod-planner.ts';
import { openPoolAccess, type PoolAccessOptions } from './pool-access.ts';

/** Throws KubeConfigError. */
export const openObservedRuntime = (options: PoolAccessOptions): Runtime => {
  const { clock, observer } = options;
  const access = openPoolAccess(options);
  const { connection, namespace, client, cache, status } = access;
  const members = new PodMembers(connection, namespace);
  return {
    ports: {
      store: new KubernetesPoolStore({ client, cache, status, observer }),
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
    place: access.place,
    problems: () => (status.problem === undefined ? [] : [status.problem]),
    get notReady() {
      return status.notReady;
    },
    ageSeconds: () => (status.isReadable ? status.ageSeconds() : undefined),
    countMembers: async () => cache.pools.list().map(({ name, status }) => ({ pool: name, status })),
    close: access.close,
  };
};

const NO_DECISIONS =
  'On Kubernetes, another controller scales the pools and records no decisions. See the conditions in the status.';

const NO_CLAIMS = 'On Kubernetes, another controller manages the members. Claim and stop them through that controller.';

const noDecisions: DecisionReader = {
  list: () => Promise.reject(new WarmpoolError('RUNTIME::NOT_SUPPORTED', NO_DECISIONS)),
};
