// The local runtime: SQLite store, pool controller and member driver on one machine, put together.
import path from 'node:path';
import type { Clock } from '../../lib/clock.ts';
import { PoolController } from '../controller/pool-controller.ts';
import type { MemberDriver } from '../controller/ports.ts';
import type { RuntimeObserver } from '../runtime-observer.ts';
import { alwaysInSync, type MemberCounts, type Runtime } from '../runtime.ts';
import { openDatabase, type Database } from './sqlite/database.ts';
import { DecisionLog } from './sqlite/decision-log.ts';
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
  const database = openDatabase(path.join(dataDir, 'warmpool.db'));
  const store = new SqlitePoolStore(database, clock, observer);
  const decisions = new DecisionLog(database);
  const driver = await createDriver(options, database);
  const controller = new PoolController({ pools: store, driver, decisions, clock, observer });
  await controller.start();
  const { members } = controller;

  const countMembers = async (): Promise<MemberCounts[]> =>
    (await store.list()).map(({ name, uid, status }) => {
      const phases = { starting: 0, ready: 0, failed: 0, terminating: 0 };
      for (const { phase } of members.of(uid)) phases[phase] += 1;
      return { pool: name, status, phases };
    });

  return {
    ...alwaysInSync,
    problems: () => [...database.problems(), ...driver.problems()],
    ports: {
      store,
      members,
      decisions,
      planner: controller,
      reviewTemplate: (template) => driver.review(template),
      clock,
    },
    countMembers,
    settled: () => controller.settled(),
    close: async () => {
      await controller.stop();
      driver.close();
      database.close();
    },
  };
};
