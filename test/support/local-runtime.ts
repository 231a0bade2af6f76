// The local runtime with a clock that the test moves: real SQLite, real controller, real simulated driver.
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { PoolController } from '../../src/services/controller/pool-controller.ts';
import type { MemberDriver } from '../../src/services/controller/member-driver.ts';
import { SimulatedDriver } from '../../src/services/local/simulated/simulated-driver.ts';
import { openDatabase } from '../../src/services/local/sqlite/database.ts';
import { DecisionLog } from '../../src/services/local/sqlite/decision-log.ts';
import { SqlitePoolStore } from '../../src/services/local/sqlite/sqlite-pool-store.ts';
import { PoolService } from '../../src/services/pools/pool-service.ts';
import { silentObserver } from './silent-observer.ts';
import { FakeClock } from './fake-clock.ts';
import { temporaryFolder } from './test-server.ts';

export type Options = {
  folder?: string;
  clock?: FakeClock;
  failureRate?: number;
  membersMax?: number;
  wrap?: (driver: MemberDriver) => MemberDriver;
};

export const startRuntime = async (options: Options = {}) => {
  const {
    folder = temporaryFolder(),
    clock = new FakeClock(),
    failureRate = 0,
    membersMax = 20_000,
    wrap = (it: MemberDriver) => it,
  } = options;
  const errors: unknown[] = [];
  const noteError = (_uid: string, error: unknown) => errors.push(error);
  const observer = { ...silentObserver, stepFailed: noteError, driverFailed: noteError };
  const database = openDatabase(path.join(folder, 'warmpool.db'));
  const store = new SqlitePoolStore(database, clock);
  const decisions = new DecisionLog(database);
  const simulated = new SimulatedDriver(database, { clock, failureRate, membersMax, observer, startSeconds: 2 });
  const controller = new PoolController({ store, driver: wrap(simulated), decisions, clock, observer });
  await controller.start();
  const pools = new PoolService({ store, members: controller.members, decisions, planner: controller, clock });
  /** Reports travel through an async iterable: a few turns of the event loop, then everything due is done. */
  const settle = async () => {
    for (let turn = 0; turn < 4; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      await controller.settled();
    }
  };
  /** Moves time to each next event, until `ms` have passed. */
  const pass = async (ms: number) => {
    const end = clock.now() + ms;
    await settle();
    while (clock.nextAtMs !== undefined && clock.nextAtMs <= end) {
      clock.moveTo(clock.nextAtMs);
      await settle();
    }
    clock.moveTo(end);
  };
  let stopped: Promise<void> | undefined;
  const stop = () =>
    (stopped ??= controller.stop().then(() => {
      simulated.close();
      database.close();
    }));
  onTestFinished(stop);
  const membersOf = (name: string) => pools.members(name);
  const statusOf = async (name: string) => (await pools.get(name)).status;
  const conditionsOf = async (name: string) =>
    Object.fromEntries(((await statusOf(name))?.conditions ?? []).map(({ type, reason }) => [type, reason]));
  return { folder, clock, pools, store, settle, pass, stop, errors, membersOf, statusOf, conditionsOf };
};
