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
import { WarmpoolError } from '../warmpool-error.ts';
import { allStores } from './cache/all-stores.ts';
import { Reflector } from './cache/reflector.ts';
import { SyncStatus } from './cache/sync-status.ts';
import { ClaimKeys } from './claims/claim-keys.ts';
import { LeaseUpkeep } from './claims/lease-upkeep.ts';
import { openServers } from './claims/open-servers.ts';
import { PodClaimStore } from './claims/pod-claim-store.ts';
import { HAND_OVER } from './contest/handover.ts';
import { openContests } from './contest/open-contests.ts';
import { ConfigMapJournal } from './journal/config-map-journal.ts';
import { PoolEvents } from './journal/pool-events.ts';
import { reportDegraded, reportSteps } from './journal/reported-steps.ts';
import { KubernetesPoolStore } from './kubernetes-pool-store.ts';
import { Leadership } from './leases/leadership.ts';
import { LEASES } from './leases/lease.ts';
import { ManagedPools } from './managed-pools.ts';
import { PODS } from './members/pod.ts';
import { guardedControl } from './pods/guarded-control.ts';
import { Orphans } from './pods/orphans.ts';
import { PodControl } from './pods/pod-control.ts';
import { CONTROLLER, POOL_NAME, WARMPOOL } from './pods/pod-metadata.ts';
import { recordOf, useOf } from './pods/pod-record.ts';
import { PodRestarts } from './pods/pod-restarts.ts';
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
  const enqueue = (poolUid: string): void => {
    leadership.controller?.enqueue(poolUid);
  };
  const pods = new PodTable(clock);
  const contests = openContests({ uidOfMember: (name) => pods.get(name)?.uid, clock, onChange: enqueue });
  const access = openPoolAccess(options, { handOver: HAND_OVER, follower: contests.pools });
  const { connection, namespace, client, cache, status } = access;

  const podClient = new ResourceClient(connection, PODS, namespace);
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
    store: allStores(contests.pods, pods),
    status: podStatus,
    watchSeconds,
  });

  const leases = new ResourceClient(connection, LEASES, namespace);
  const peers = openServers({ leases, namespace, members, pods, clock, watchSeconds });
  const { identity, servers, callers } = peers;

  const isLeader = (): boolean => leadership.isLeader;
  const writer = new PodWriter(podClient, pods);
  const restarts = new PodRestarts({ connection, namespace, pods, writer, clock, observer });
  const podControl = new PodControl({ client: podClient, pods, restarts });
  const control = guardedControl(podControl, pods, (uid) => {
    const pool = uid === undefined ? undefined : cache.pools.getByUid(uid);
    return pool && contests.refusalOf(pool);
  });
  const orders = new MemberOrders({ driver: control, members, clock });
  // What is to happen to a pod is written on the pod.
  const recycled = { done: (name: string) => recycling.done(name) };
  const recycler = new Recycler({ members, orders, driver: control, journal: recycled, clock, observer });
  const isBlocked = contests.isContested;
  const orphans = new Orphans({ client, cache, pods, isLeader, clock, onOrphaned: enqueue });
  const isPoolGone = (uid: string): boolean => orphans.has(uid);
  const ending = { isLeader, isBlocked, isPoolGone, clock, observer };
  const recycling: PodRecycling = new PodRecycling({ pods, writer, recycler, ...ending });

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
  const events = new PoolEvents({ connection, namespace, clock });
  const pools = new ManagedPools({
    client,
    cache,
    isOrphaned: (uid) => orphans.has(uid),
    problemsOf: (pool) => contests.problemsOf(pool, namespace),
    watch: (signal) => store.watch(signal),
  });
  const leadership: Leadership = new Leadership({
    leases,
    identity,
    clock,
    ready: () => Promise.all([status.firstSync, podStatus.firstSync]),
    newController: () => {
      const driver = guardedControl(control, pods, () => (isLeader() ? undefined : noLongerLeader()));
      return new PoolController({
        pools,
        driver,
        members,
        orders: new MemberOrders({ driver, members, clock }),
        decisions: reportSteps(journal, cache.pools, events),
        clock,
        observer: reportDegraded(observer, cache.pools, events),
      });
    },
  });

  const backOffOf = (uid: string) => leadership.controller?.backOffOf(uid);
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
    contestOf: contests.refusalOf,
    onLost: ({ id, poolUid }, reason) => {
      const pool = cache.pools.getByUid(poolUid);
      if (pool !== undefined) events.claimLost(pool, `Claim "${id}" has lost its member: ${reason}.`);
    },
    backOffOf,
    isPoolDeleted: (uid) => cache.isDeleted(uid),
    onPoolDeleted: (onDeleted) => {
      cache.onDeleted(onDeleted);
    },
    isLeader,
    canRestart: (pod) => restarts.isPossible(pod),
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
  peers.start();
  journal.start();
  leadership.start();
  permissions.start();

  const syncs = [status, podStatus];
  return {
    ports: {
      store,
      claims,
      members: { list: (pool) => podStatus.waitForSync().then(() => reader.list(pool)) },
      decisions: journal,
      planner: { plan: (change) => podStatus.waitForSync().then(() => planned.plan(change)) },
      reviewTemplate: () => podControl.review(),
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
        leadership.problem,
        peers.problem(),
        ...[journal, events, podControl, permissions].flatMap((part) => part.problems()),
      ].filter((problem) => problem !== undefined),
    get notReady() {
      // Pools are served without the permission to read pods.
      return status.notReady ?? (podStatus.forbidden ? undefined : podStatus.notReady);
    },
    ageSeconds: () => (status.isReadable ? status.ageSeconds() : undefined),
    countMembers: async () => countMembersOf(cache.pools.list(), members),
    close: async () => {
      writer.close();
      await leadership.stopController();
      await Promise.all([journal.close(), events.close()]);
      orphans.close();
      contests.close();
      recycling.close();
      upkeep.close();
      recycler.close();
      await leadership.stop();
      await Promise.all([peers.stop(), podReflector.stop(), permissions.stop()]);
      control.close();
      await access.close();
    },
  };
};

const noLongerLeader = () => new WarmpoolError('KUBERNETES::UNAVAILABLE', 'This server is no longer the leader.');
