// Which changes to a pool cause a pass: real SQLite store and driver, and every status write counted.
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PoolController } from '../../../src/services/controller/pool-controller.ts';
import type { PoolSource } from '../../../src/services/controller/ports.ts';
import { SimulatedDriver } from '../../../src/services/local/simulated/simulated-driver.ts';
import { openDatabase } from '../../../src/services/local/sqlite/database.ts';
import { DecisionLog } from '../../../src/services/local/sqlite/decision-log.ts';
import { SqlitePoolStore } from '../../../src/services/local/sqlite/sqlite-pool-store.ts';
import { PoolService } from '../../../src/services/pools/pool-service.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { specification } from '../../support/pools.ts';
import { silentObserver } from '../../support/silent-observer.ts';
import { temporaryFolder } from '../../support/test-server.ts';

const startController = async () => {
  const database = openDatabase(path.join(temporaryFolder(), 'warmpool.db'));
  const clock = new FakeClock();
  const store = new SqlitePoolStore(database, clock);
  const errors: unknown[] = [];
  const noteError = (_uid: string, error: unknown) => errors.push(error);
  const observer = { ...silentObserver, stepFailed: noteError, driverFailed: noteError };
  const driver = new SimulatedDriver(database, { clock, observer });
  let passes = 0;
  const counted: PoolSource = {
    watch: (signal) => store.watch(signal),
    find: (uid) => store.find(uid),
    writeStatus: (uid, status) => {
      passes += 1;
      return store.writeStatus(uid, status);
    },
  };
  const decisions = new DecisionLog(database);
  const controller = new PoolController({ pools: counted, driver, decisions, clock, observer });
  await controller.start();
  onTestFinished(async () => {
    await controller.stop();
    driver.close();
    database.close();
    expect(errors).toEqual([]);
  });
  /** Each pass writes one status. */
  const countPasses = async () => {
    for (let turn = 0; turn < 4; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      await controller.settled();
    }
    return passes;
  };
  const pools = new PoolService({ store, members: controller.members, decisions, planner: controller, clock });
  return { pools, countPasses };
};

test('A new pool gets one pass: the status that the controller writes itself causes no other', async () => {
  const { pools, countPasses } = await startController();
  await pools.create('a', specification());
  expect(await countPasses()).toBe(1);
});

test('A change to labels causes no pass, a new generation causes one', async () => {
  const { pools, countPasses } = await startController();
  await pools.create('a', specification());
  expect(await countPasses()).toBe(1);
  await pools.patch('a', { labels: { x: 'y' } });
  expect(await countPasses()).toBe(1);
  await pools.patch('a', { capacitySpec: { bufferMax: 1 } });
  expect(await countPasses()).toBe(2);
});

test('A generation that is written while a pass runs gets a pass of its own', async () => {
  const { pools, countPasses } = await startController();
  await pools.create('a', specification());
  await Promise.all([
    countPasses(),
    pools.patch('a', { capacitySpec: { bufferMax: 1 } }),
    pools.patch('a', { capacitySpec: { bufferMax: 2 } }),
  ]);
  await countPasses();
  expect((await pools.get('a')).status?.observedGeneration).toBe(3);
});
