// The local runtime: SQLite store, pool controller and member driver on one machine, put together.
import path from 'node:path';
import type { Clock } from '../../lib/clock.ts';
import type { RuntimeObserver } from '../runtime-observer.ts';
import { alwaysInSync, type MemberCounts, type Runtime } from '../runtime.ts';
import { PoolController } from '../controller/pool-controller.ts';
import { SimulatedDriver } from './simulated/simulated-driver.ts';
import { openDatabase } from './sqlite/database.ts';
import { DecisionLog } from './sqlite/decision-log.ts';
import { SqlitePoolStore } from './sqlite/sqlite-pool-store.ts';

type LocalRuntimeOptions = {
  /** Folder of the database; the caller holds its lock. */
  readonly dataDir: string;
  readonly simulated: { readonly startSeconds: number; readonly failureRate: number };
  readonly clock: Clock;
  readonly observer: RuntimeObserver;
};

/** Resolves when pools and members are read and the controller runs. */
export const openLocalRuntime = async ({
  dataDir,
  simulated,
  clock,
  observer,
}: LocalRuntimeOptions): Promise<Runtime> => {
  const database = openDatabase(path.join(dataDir, 'warmpool.db'));
  const store = new SqlitePoolStore(database, clock, observer);
  const decisions = new DecisionLog(database);
  const driver = new SimulatedDriver(database, { ...simulated, clock, observer });
  const controller = new PoolController({ store, driver, decisions, clock, observer });
  await controller.start();

  const countMembers = async (): Promise<MemberCounts[]> =>
    (await store.list()).map(({ name, uid, status }) => {
      const phases = { starting: 0, ready: 0, failed: 0, terminating: 0 };
      for (const { phase } of controller.members.of(uid)) phases[phase] += 1;
      return { pool: name, status, phases };
    });

  return {
    ...alwaysInSync,
    problems: () => database.problems(),
    ports: {
      store,
      members: controller.members,
      decisions,
      planner: controller,
      clock,
    },
    countMembers,
    close: async () => {
      await controller.stop();
      driver.close();
      database.close();
    },
  };
};
