// The local runtime as the server opens it, with a clock that the test moves: real SQLite, controller and simulated driver.
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { MemberDriver } from '../../src/services/controller/ports.ts';
import { openLocalRuntime, type DriverParts } from '../../src/services/local/local-runtime.ts';
import { SimulatedDriver } from '../../src/services/local/simulated/simulated-driver.ts';
import { openDatabase } from '../../src/services/local/sqlite/database.ts';
import type { SqlitePoolStore } from '../../src/services/local/sqlite/sqlite-pool-store.ts';
import { sqliteStore } from './sqlite-store.ts';
import { PoolService } from '../../src/services/pools/pool-service.ts';
import { FakeClock } from './fake-clock.ts';
import { silentObserver } from './silent-observer.ts';
import { temporaryFolder } from './test-server.ts';

export type Options = {
  folder?: string;
  clock?: FakeClock;
  failureRate?: number;
  membersMax?: number;
  /** Overrides methods of the driver, to simulate a faulty or slow one. */
  wrap?: (driver: MemberDriver, parts: DriverParts) => Partial<MemberDriver>;
};

/** The driver, with some of its methods replaced. */
export const withOverrides = (driver: MemberDriver, overrides: Partial<MemberDriver>): MemberDriver => ({
  review: (template) => driver.review(template),
  prepare: (order) => driver.prepare(order),
  problems: () => driver.problems(),
  restart: (name) => driver.restart(name),
  start: (order) => driver.start(order),
  stop: (name) => driver.stop(name),
  watch: (signal) => driver.watch(signal),
  close: () => {
    driver.close();
  },
  ...overrides,
});

export const startRuntime = async (options: Options = {}) => {
  const { folder = temporaryFolder(), clock = new FakeClock(), failureRate, membersMax, wrap } = options;
  const stepErrors: unknown[] = [];
  const driverErrors: unknown[] = [];
  const degradations: object[] = [];
  const simulated = {
    ...(failureRate !== undefined && { failureRate }),
    ...(membersMax !== undefined && { membersMax }),
  };
  const runtime = await openLocalRuntime({
    dataDir: folder,
    createDriver: (parts) => {
      const driver = new SimulatedDriver(parts.database, {
        ...simulated,
        clock: parts.clock,
        observer: parts.observer,
      });
      return wrap ? withOverrides(driver, wrap(driver, parts)) : driver;
    },
    clock,
    observer: {
      ...silentObserver,
      stepFailed: (_uid, error) => stepErrors.push(error),
      driverFailed: (_uid, error) => driverErrors.push(error),
      degradedChanged: (pool, degraded) => degradations.push({ pool, ...degraded }),
    },
  });
  const pools = new PoolService(runtime.ports);
  /** Reports travel through an async iterable: a few turns of the event loop, then everything due is done. */
  const settle = async () => {
    for (let turn = 0; turn < 6; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      await runtime.settled();
    }
  };
  /** Moves the clock from event to event, until `ms` have passed. */
  const advance = async (ms: number) => {
    const end = clock.now() + ms;
    await settle();
    while (clock.nextAtMs !== undefined && clock.nextAtMs <= end) {
      clock.moveTo(clock.nextAtMs);
      await settle();
    }
    clock.moveTo(end);
  };
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= runtime.close());
  onTestFinished(stop);
  const membersOf = (name: string) => pools.members(name);
  const statusOf = async (name: string) => (await pools.get(name)).status;
  const conditionsOf = async (name: string) =>
    Object.fromEntries(((await statusOf(name))?.conditions ?? []).map(({ type, reason }) => [type, reason]));
  const { ports } = runtime;
  const errors = { stepErrors, driverErrors, degradations };
  return { folder, clock, ports, pools, settle, advance, stop, ...errors, membersOf, statusOf, conditionsOf };
};

/** Changes what is stored in a folder while no runtime has it open. */
export const editStore = async (folder: string, edit: (store: SqlitePoolStore) => Promise<unknown>): Promise<void> => {
  const database = openDatabase(path.join(folder, 'warmpool.db'));
  try {
    await edit(sqliteStore(database, new FakeClock()));
  } finally {
    database.close();
  }
};
