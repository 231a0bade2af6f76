// The local runtime: SQLite store, pool controller and member driver on one machine, put together.
import path from 'node:path';
import type { Clock } from '../../lib/clock.ts';
import { observeWrites, type WriteObserver } from '../pools/observed-store.ts';
import { PoolService } from '../pools/pool-service.ts';
import { PoolStream } from '../stream/pool-stream.ts';
import { alwaysInTouch, type MemberCounts, type Runtime } from '../runtime.ts';
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
  /** Told of every write of the store: whether it was done, and how long it took. */
  readonly onWrite?: WriteObserver;
  /** Told of every scaling step that did something. */
  readonly onStep?: (created: number, removed: number) => void;
  /** Told of every scaling step that failed, and when it is tried again. */
  readonly onError: (poolUid: string, error: unknown, retryMs: number) => void;
};

/** Resolves when pools and members are read and the controller runs. */
export const openLocalRuntime = async (options: LocalRuntimeOptions): Promise<Runtime> => {
  const { dataDir, simulated, clock } = options;
  const database = openDatabase(path.join(dataDir, 'warmpool.db'));
  const store = new SqlitePoolStore(database, clock);
  const decisions = new DecisionLog(database);
  const driver = new SimulatedDriver(database, { ...simulated, clock, onError: options.onError });
  const controller = new PoolController({ ...options, store, driver, decisions });
  await controller.start();

  const stream = new PoolStream({ store, clock });

  const countMembers = async (): Promise<MemberCounts[]> =>
    (await store.list()).map(({ name, uid, status }) => {
      const phases = { starting: 0, ready: 0, failed: 0, terminating: 0 };
      for (const { phase } of controller.members.of(uid)) phases[phase] += 1;
      return { pool: name, status, phases };
    });

  return {
    ...alwaysInTouch,
    problems: () => database.problems(),
    stream,
    pools: new PoolService({
      store: options.onWrite ? observeWrites(store, options.onWrite) : store,
      members: controller.members,
      decisions,
      planner: controller,
      clock,
    }),
    countMembers,
    close: async () => {
      await stream.close();
      await controller.stop();
      driver.close();
      database.close();
    },
  };
};
