// A server without its HTTP part, which can be killed at any moment: what is on disk then is all that the next one has.
import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../../../../src/lib/clock.ts';
import { ClaimService } from '../../../../src/services/claims/claim-service.ts';
import type { ClaimStore } from '../../../../src/services/claims/ports.ts';
import { openLocalRuntime } from '../../../../src/services/local/local-runtime.ts';
import { SimulatedDriver } from '../../../../src/services/local/simulated/simulated-driver.ts';
import type { Database } from '../../../../src/services/local/sqlite/database.ts';
import { PoolService } from '../../../../src/services/pools/pool-service.ts';
import type { FakeClock } from '../../../support/fake-clock.ts';
import { withOverrides } from '../../../support/local-runtime.ts';
import { silentObserver } from '../../../support/silent-observer.ts';
import { temporaryFolder } from '../../../support/test-server.ts';
import { ScriptedDriver } from '../scripted-driver.ts';

/** Faults that the checker has to find. */
export type Plant = {
  readonly database?: (database: Database) => void;
  readonly driver?: (driver: ScriptedDriver) => void;
  readonly claims?: (store: ClaimStore) => ClaimStore;
};

const FILES = ['warmpool.db', 'warmpool.db-wal'];

const diskFull = () => Object.assign(new Error('database or disk is full'), { errcode: 13 });

export type ServerProcess = Awaited<ReturnType<typeof startProcess>>;

export const startProcess = async (folder: string, clock: FakeClock, plant: Plant = {}) => {
  let isAlive = true;
  let failures = 0;
  let failedMs = -Infinity;
  // The timers of a killed process never fire.
  const ownClock: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (delayMs, task) =>
      clock.after(delayMs, () => {
        if (isAlive) task();
      }),
  };
  const parts: { database: Database; driver: ScriptedDriver }[] = [];
  const runtime = await openLocalRuntime({
    dataDir: folder,
    clock: ownClock,
    observer: silentObserver,
    createDriver: ({ database }) => {
      const exec = database.exec.bind(database);
      database.exec = (sql) => {
        if (sql === 'COMMIT' && failures-- > 0) {
          failedMs = clock.now();
          throw diskFull();
        }
        exec(sql);
      };
      plant.database?.(database);
      const simulated = new SimulatedDriver(database, { clock: ownClock, observer: silentObserver });
      const driver = new ScriptedDriver(simulated, ownClock);
      plant.driver?.(driver);
      parts.push({ database, driver });
      return withOverrides(simulated, driver.overrides());
    },
  });
  const [{ database, driver } = { database: undefined, driver: undefined }] = parts;
  if (database === undefined) throw new Error('The runtime created no driver.');
  const { ports } = runtime;
  const claims = new ClaimService({ ...ports, claims: plant.claims?.(ports.claims) ?? ports.claims });
  const orders = database.prepare('SELECT member FROM recycling');
  const end = async () => {
    await claims.close();
    await runtime.close();
  };
  return {
    claims,
    driver,
    pools: new PoolService(ports),
    store: ports.store,
    members: ports.members,
    settled: () => runtime.settled(),
    isAlive: () => isAlive,
    /** When the last transaction failed, epoch milliseconds. */
    failedMs: () => failedMs,
    orders: () => orders.all().map(({ member }) => String(member)),
    /** The next `count` transactions cannot be committed. */
    failCommits: (count: number) => {
      failures = count;
    },
    /** Resolves once everything is stored. */
    stop: async () => {
      await end();
      isAlive = false;
    },
    /** Returns a folder with what is on disk at this moment. */
    kill: (): string => {
      const copy = temporaryFolder();
      for (const file of FILES)
        if (existsSync(path.join(folder, file))) copyFileSync(path.join(folder, file), path.join(copy, file));
      isAlive = false;
      // Whatever it still does is done to files that nobody reads again.
      void end().catch(() => undefined);
      return copy;
    },
  };
};
