// The local runtime: SQLite store, pool controller and member driver on one machine, put together.
import path from 'node:path';
import type { Clock } from '../../lib/clock.ts';
import { PoolController } from '../controller/pool-controller.ts';
import type { MemberDriver } from '../controller/ports.ts';
import { observeWrites, type WriteObserver } from '../pools/observed-store.ts';
import { PoolService } from '../pools/pool-service.ts';
import { alwaysInTouch, type MemberCounts, type Runtime } from '../runtime.ts';
import { PoolStream } from '../stream/pool-stream.ts';
import { createDriver, type DriverParts } from './create-driver.ts';
import { openDatabase } from './sqlite/database.ts';
import { DecisionLog } from './sqlite/decision-log.ts';
import { SqlitePoolStore } from './sqlite/sqlite-pool-store.ts';

type LocalRuntimeOptions = {
  /** Folder of the database; the caller holds its lock. */
  readonly dataDir: string;
  /** Creates the driver of the members. Default: the simulated one. */
  readonly createDriver?: (parts: DriverParts) => MemberDriver;
  readonly clock: Clock;
  /** Called for every write of the store: whether it succeeded, and how long it took. */
  readonly onWrite?: WriteObserver;
  /** Called for every scaling step that started or stopped members. */
  readonly onStep?: (created: number, removed: number) => void;
  /** Called for every scaling step that failed, with the wait before the next try. */
  readonly onStepError: (poolUid: string, error: unknown, retryMs: number) => void;
  /** Called when the driver failed outside of a scaling step, in the change of a member. */
  readonly onDriverError: DriverParts['onError'];
};

/** A runtime whose controller can be waited for. */
type LocalRuntime = Runtime & { readonly settled: () => Promise<void> };

const simulated = createDriver({ driver: 'simulated' });

/** Resolves when pools and members are read and the controller runs. */
export const openLocalRuntime = async (options: LocalRuntimeOptions): Promise<LocalRuntime> => {
  const { dataDir, clock, onWrite, onStep, onStepError, onDriverError } = options;
  const database = openDatabase(path.join(dataDir, 'warmpool.db'));
  const store = new SqlitePoolStore(database, clock);
  const decisions = new DecisionLog(database);
  const driver = (options.createDriver ?? simulated)({ database, clock, onError: onDriverError });
  const controller = new PoolController({
    pools: store,
    statuses: store,
    driver,
    decisions,
    clock,
    onStep,
    onStepError,
  });
  await controller.start();
  const { members } = controller;
  const stream = new PoolStream({ store, clock });
  const observedStore = onWrite ? observeWrites(store, onWrite) : store;

  const countMembers = async (): Promise<MemberCounts[]> =>
    (await store.list()).map(({ name, uid, status }) => {
      const phases = { starting: 0, ready: 0, failed: 0, terminating: 0 };
      for (const { phase } of members.of(uid)) phases[phase] += 1;
      return { pool: name, status, phases };
    });

  return {
    ...alwaysInTouch,
    stream,
    pools: new PoolService({ store: observedStore, members, decisions, planner: controller, clock }),
    countMembers,
    settled: () => controller.settled(),
    close: async () => {
      await stream.close();
      await controller.stop();
      driver.close();
      database.close();
    },
  };
};
