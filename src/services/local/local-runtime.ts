// The local runtime: SQLite store, pool controller and member driver on one machine, assembled.
import path from 'node:path';
import type { Clock } from '../../lib/clock.ts';
import { MemberOrders } from '../controller/member-orders.ts';
import { countMembersOf } from '../controller/count-members.ts';
import { feedMembers } from '../controller/member-feed.ts';
import { gaugesOf } from '../controller/gauges.ts';
import { readMembers } from '../controller/member-reader.ts';
import { MemberTable } from '../controller/member-table.ts';
import { planFrom } from '../controller/plan-change.ts';
import { PoolController } from '../controller/pool-controller.ts';
import { Recycler } from '../controller/recycler.ts';
import type { MemberDriver } from '../controller/ports.ts';
import { THIRTY_DAYS } from '../history/retention.ts';
import type { RuntimeObserver } from '../runtime-observer.ts';
import { alwaysInSync, type Runtime } from '../runtime.ts';
import { LocalClaimStore } from './local-claim-store.ts';
import { Checkpointer } from './sqlite/checkpointer.ts';
import { ClaimTable } from './sqlite/claim-table.ts';
import { openDatabase, type Database } from './sqlite/database.ts';
import { DecisionLog } from './sqlite/decision-log.ts';
import { GroupCommit } from './sqlite/group-commit.ts';
import { SampleTable } from './sqlite/sample-table.ts';
import { SqlitePoolStore } from './sqlite/sqlite-pool-store.ts';

/** What the driver of the members gets from the runtime. */
export type DriverParts = {
  readonly database: Database;
  readonly clock: Clock;
  readonly observer: Pick<RuntimeObserver, 'driverFailed'>;
};

type LocalRuntimeOptions = {
  /** Folder of the database; the caller holds its lock. */
  readonly dataDir: string;
  /** Maximum time that a claim can be held, in seconds. Default: no limit. */
  readonly maxLifetimeSeconds?: number | undefined;
  /** Creates the driver of the members. A rejection ends the start. */
  readonly createDriver: (parts: DriverParts) => MemberDriver | Promise<MemberDriver>;
  readonly clock: Clock;
  readonly observer: RuntimeObserver;
};

/** A runtime whose controller can be waited for: `settled` resolves when no pool is on its queue. */
type LocalRuntime = Runtime & { readonly settled: () => Promise<void> };

const createDriver = async ({ clock, observer, ...options }: LocalRuntimeOptions, database: Database) => {
  try {
    return await options.createDriver({ database, clock, observer });
  } catch (error) {
    database.close();
    throw error;
  }
};

/** Resolves when pools and members are read and the controller runs. */
export const openLocalRuntime = async (options: LocalRuntimeOptions): Promise<LocalRuntime> => {
  const { dataDir, clock, observer } = options;
  const file = path.join(dataDir, 'warmpool.db');
  const database = openDatabase(file);
  const checkpointer = new Checkpointer(file);
  database.delegateCheckpoints(() => {
    checkpointer.request();
  });
  const commits = new GroupCommit(database);
  const members = new MemberTable();
  const driver = await createDriver(options, database);
  const orders = new MemberOrders({ driver, clock, members });
  const table = new ClaimTable(database);
  const journal = {
    done: (member: string) =>
      commits.run(() => {
        table.forgetOrder(member);
      }),
  };
  const recycler = new Recycler({ members, orders, driver, journal, clock, observer });
  const store: SqlitePoolStore = new SqlitePoolStore({
    database,
    commits,
    clock,
    observer,
    claims: { heldCount: (uid) => members.heldCount(uid), endAll: (uid) => claims.endAll(uid) },
  });
  const decisions = new DecisionLog(database);
  const controller = new PoolController({
    pools: {
      watch: (signal) => store.watch(signal),
      find: (uid) => store.find(uid) ?? 'deleted',
      writeStatus: (uid, status) => store.writeStatus(uid, status),
    },
    driver,
    members,
    orders,
    decisions,
    clock,
    observer,
  });
  const claims: LocalClaimStore = new LocalClaimStore({
    table,
    commits,
    members,
    orders,
    recycler,
    clock,
    observer,
    findPool: (uid) => store.find(uid),
    backOffOf: (uid) => controller.backOffOf(uid),
  });
  const feeding = new AbortController();
  const feed = feedMembers({
    reports: driver,
    members,
    onPreparation: (uid) => {
      controller.enqueue(uid);
    },
    signal: feeding.signal,
  });
  await feed.synced;
  // Before any pass: a member that was held must not be found idle.
  claims.restore();
  await controller.start();

  return {
    ...alwaysInSync,
    problems: () => [...database.problems(), ...checkpointer.problems(), ...driver.problems()],
    ports: {
      store,
      claims,
      members: readMembers(members),
      decisions,
      planner: planFrom({ members, backOffOf: (uid) => controller.backOffOf(uid), clock }),
      reviewTemplate: (template) => driver.review(template),
      history: {
        samples: new SampleTable(database, commits),
        retention: THIRTY_DAYS,
        isCurrent: () => true,
        gauges: (pool) => gaugesOf(pool, members),
        lastDecision: (uid) => decisions.last(uid),
      },
      clock,
      observer,
      maxLifetimeSeconds: options.maxLifetimeSeconds,
    },
    countMembers: async () => countMembersOf(await store.list(), members),
    settled: () => controller.settled(),
    close: async () => {
      feeding.abort();
      await controller.stop();
      await Promise.allSettled([feed.ended]);
      recycler.close();
      claims.close();
      driver.close();
      commits.flush();
      await checkpointer.close();
      database.close();
    },
  };
};
