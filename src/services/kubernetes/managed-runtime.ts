// Pools that Warmpool scales itself, on pods that it starts. Every server hands out members; one of them, the leader, keeps
// the pools at their size and ends claims.
import { ONE_DAY } from '../history/retention.ts';
import { MemorySampleStore } from '../history/memory-sample-store.ts';
import { countMembersOf } from '../controller/count-members.ts';
import { gaugesOf } from '../controller/gauges.ts';
import { MemberOrders } from '../controller/member-orders.ts';
import { readMembers } from '../controller/member-reader.ts';
import { MemberTable } from '../controller/member-table.ts';
import { planFrom } from '../controller/plan-change.ts';
import { PoolController } from '../controller/pool-controller.ts';
import { Recycler } from '../controller/recycler.ts';
import type { Pool } from '../pools/pool.ts';
import type { Runtime } from '../runtime.ts';
import { Reflector } from './cache/reflector.ts';
import { SyncStatus } from './cache/sync-status.ts';
import { ClaimKeys } from './claims/claim-keys.ts';
import { Demand } from './claims/demand.ts';
import { preferOwnShare } from './claims/own-share.ts';
import { LeaseUpkeep } from './claims/lease-upkeep.ts';
import { PodClaimStore } from './claims/pod-claim-store.ts';
import { WaitingCallers } from './claims/waiting-callers.ts';
import { ConfigMapJournal } from './journal/config-map-journal.ts';
import { KubernetesPoolStore } from './kubernetes-pool-store.ts';
import { LeaderElector } from './leases/leader-elector.ts';
import { LEASES } from './leases/lease.ts';
import { ownPod, serverIdentity } from './leases/server-identity.ts';
import { SERVER_LEASES_SELECTOR, ServerLease } from './leases/server-lease.ts';
import { ServerLeases } from './leases/server-leases.ts';
import { ManagedPools } from './managed-pools.ts';
import { PODS } from './members/pod.ts';
import { PodControl } from './pods/pod-control.ts';
import { onlyWhile } from './pods/leader-control.ts';
import { CONTROLLER, POOL_NAME, WARMPOOL } from './pods/pod-metadata.ts';
import { recordOf, useOf } from './pods/pod-record.ts';
import { PodTable } from './pods/pod-table.ts';
import { PodWriter } from './pods/pod-writer.ts';
import { PodRecycling } from './pods/recycling.ts';
import { Permissions } from './permissions.ts';
import { openPoolAccess, type PoolAccessOptions } from './pool-access.ts';
import { ResourceClient } from './resource/resource-client.ts';
import { selected } from './resource/selected.ts';

type ManagedRuntimeOptions = PoolAccessOptions & { readonly maxLifetimeSeconds?: number | undefined };

/** Throws KubeConfigError. */
export const openManagedRuntime = (options: ManagedRuntimeOptions): Runtime => {
  const { clock, observer, watchSeconds } = options;
  const access = openPoolAccess(options);
  const { connection, namespace, client, cache, status } = access;

  const podClient = new ResourceClient(connection, PODS, namespace);
  const pods = new PodTable(clock);
  const members = new MemberTable();
  pods.subscribe({
    present: (_record, report) => {
      members.put(report);
    },
    gone: ({ name }) => {
      members.remove(name);
    },
  });
  const podStatus = new SyncStatus(clock, observer.syncChanged.bind(observer));
  const podReflector = new Reflector({
    listWatch: selected(podClient, POOL_NAME),
    store: pods,
    status: podStatus,
    watchSeconds,
  });

  const leases = new ResourceClient(connection, LEASES, namespace);
  const identity = serverIdentity(process.env);
  const ownLease = new ServerLease({ leases, identity, pod: ownPod(process.env, namespace), clock });
  const servers = new ServerLeases({ own: ownLease, clock });
  const serverReflector = new Reflector({
    listWatch: selected(leases, SERVER_LEASES_SELECTOR),
    store: servers,
    status: new SyncStatus(clock, () => undefined),
    watchSeconds,
  });
  preferOwnShare(members, servers, identity);
  const demand = new Demand({ members, servers, pods });
  const callers = new WaitingCallers((waiting) => {
    ownLease.publish(waiting);
    demand.update();
  });

  const control = new PodControl({ client: podClient, pods });
  const writer = new PodWriter(podClient, pods);
  const orders = new MemberOrders({ driver: control, members, clock });
  const recycler = new Recycler({ members, orders, driver: control, journal: nothingToForget, clock, observer });
  const isLeader = (): boolean => elector.isLeader();
  const recycling = new PodRecycling({ pods, writer, recycler, isLeader, clock, observer });

  const store = new KubernetesPoolStore({
    client,
    cache,
    status,
    observer,
    annotations: { [CONTROLLER]: WARMPOOL },
    countHeld: async ({ name, uid }: Pool, signal) => {
      const { items } = await podClient.list({ labelSelector: `${POOL_NAME}=${name}` }, signal);
      const records = items.map((pod) => recordOf(pod, clock.now())).filter((record) => record?.poolUid === uid);
      return records.filter((record) => record !== undefined && useOf(record).by === 'claim').length;
    },
  });
  const journal = new ConfigMapJournal({ connection, namespace, pools: cache.pools, isLeader, clock, watchSeconds });
  const pools = new ManagedPools({ client, cache, watch: (signal) => store.watch(signal) });

  let controller: PoolController | undefined;
  let stopping: Promise<void> = Promise.resolve();
  const lead = async (term: AbortSignal): Promise<void> => {
    // A pool whose pods are not known would be started again.
    await Promise.all([status.firstSync, podStatus.firstSync, stopping]);
    if (term.aborted) return;
    const leaderControl = onlyWhile(isLeader, control);
    controller = new PoolController({
      pools,
      driver: leaderControl,
      members,
      orders: new MemberOrders({ driver: leaderControl, members, clock }),
      decisions: journal,
      clock,
      observer,
    });
    await controller.start();
  };
  const stopLeading = (): void => {
    const former = controller;
    controller = undefined;
    if (former !== undefined) stopping = former.stop();
  };
  const elector: LeaderElector = new LeaderElector({
    leases,
    identity,
    clock,
    onElected: (term) => {
      lead(term).catch((error: unknown) => {
        // Its watch ends with the term.
        if (!term.aborted) throw error;
      });
    },
    onDeposed: stopLeading,
  });

  const backOffOf = (uid: string) => controller?.backOffOf(uid);
  const keys = new ClaimKeys(leases);
  const claims = new PodClaimStore({
    pods,
    sync: podStatus,
    writer,
    keys,
    callers,
    members,
    orders,
    clock,
    observer,
    findPool: (uid) => cache.pools.getByUid(uid),
    backOffOf,
    isPoolDeleted: (uid) => cache.isDeleted(uid),
    onPoolDeleted: (onDeleted) => {
      cache.onDeleted(onDeleted);
    },
    isLeader,
    recycle: (pod) => {
      recycling.begin(pod);
    },
  });

  const permissions = new Permissions({ connection, namespace, observer });
  const reader = readMembers(members);
  const planned = planFrom({ members, backOffOf, clock });

  const upkeep = new LeaseUpkeep({
    leases,
    servers,
    keys,
    pods,
    end: (id, end) => claims.end(id, end),
    isLeader,
    clock,
    observer,
  });

  void podStatus.firstSync.then(() => {
    members.open();
  });
  podReflector.start();
  serverReflector.start();
  ownLease.start();
  journal.start();
  elector.start();
  permissions.start();

  const syncs = [status, podStatus];
  return {
    ports: {
      store,
      claims,
      members: { list: (pool) => podStatus.waitForSync().then(() => reader.list(pool)) },
      decisions: journal,
      planner: { plan: (change) => podStatus.waitForSync().then(() => planned.plan(change)) },
      reviewTemplate: () => control.review(),
      history: {
        samples: new MemorySampleStore(),
        retention: ONE_DAY,
        isCurrent: () => syncs.every((sync) => sync.isReadable && sync.ageSeconds() === undefined),
        gauges: (pool) => gaugesOf(pool, members),
        lastDecision: (uid) => journal.last(uid),
      },
      clock,
      observer,
      maxLifetimeSeconds: options.maxLifetimeSeconds,
    },
    place: access.place,
    problems: () =>
      [
        status.problem,
        podStatus.problem && `Members are not known. ${podStatus.problem}`,
        elector.problem,
        ownLease.problem,
        ...journal.problems(),
        ...permissions.problems(),
      ].filter((problem) => problem !== undefined),
    get notReady() {
      // Pools are served without the permission to read pods.
      return status.notReady ?? (podStatus.forbidden ? undefined : podStatus.notReady);
    },
    ageSeconds: () => (status.isReadable ? status.ageSeconds() : undefined),
    countMembers: async () => countMembersOf(cache.pools.list(), members),
    close: async () => {
      stopLeading();
      await stopping;
      await journal.close();
      recycling.close();
      upkeep.close();
      recycler.close();
      await elector.stop();
      await ownLease.stop();
      await Promise.all([podReflector.stop(), serverReflector.stop(), permissions.stop()]);
      servers.close();
      control.close();
      await access.close();
    },
  };
};

/** What is to happen to a pod is written on the pod. */
const nothingToForget = { done: () => Promise.resolve() };
