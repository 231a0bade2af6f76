// Which changes of a pool cause a pass: real SQLite store and driver, and every status write counted.
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PoolController } from '../../../src/services/controller/pool-controller.ts';
import { createDriver } from '../../../src/services/local/create-driver.ts';
import { openDatabase } from '../../../src/services/local/sqlite/database.ts';
import { DecisionLog } from '../../../src/services/local/sqlite/decision-log.ts';
import { SqlitePoolStore } from '../../../src/services/local/sqlite/sqlite-pool-store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { capacity, specification } from '../../support/pools.ts';
import { temporaryFolder } from '../../support/test-server.ts';

const startController = async () => {
  const database = openDatabase(path.join(temporaryFolder(), 'warmpool.db'));
  const clock = new FakeClock();
  const store = new SqlitePoolStore(database, clock);
  const errors: unknown[] = [];
  const onError = (_uid: string, error: unknown) => errors.push(error);
  const driver = createDriver({ driver: 'simulated' })({ database, clock, onError });
  let passes = 0;
  const statuses: ConstructorParameters<typeof PoolController>[0]['statuses'] = {
    writeStatus: (uid, status) => {
      passes += 1;
      return store.writeStatus(uid, status);
    },
  };
  const decisions = new DecisionLog(database);
  const controller = new PoolController({ pools: store, statuses, driver, decisions, clock, onStepError: onError });
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
  return { store, countPasses };
};

test('A new pool gets one pass: the status that the controller writes itself causes no other', async () => {
  const { store, countPasses } = await startController();
  await store.create('a', specification());
  expect(await countPasses()).toBe(1);
});

test('A change of labels causes no pass, a new generation causes one', async () => {
  const { store, countPasses } = await startController();
  await store.create('a', specification());
  expect(await countPasses()).toBe(1);
  await store.update('a', () => specification({ labels: { x: 'y' } }));
  expect(await countPasses()).toBe(1);
  await store.update('a', () => specification({ capacitySpec: capacity(0, 1), labels: { x: 'y' } }));
  expect(await countPasses()).toBe(2);
});

test('A generation that is written while a pass runs gets a pass of its own', async () => {
  const { store, countPasses } = await startController();
  await store.create('a', specification());
  await Promise.all([
    countPasses(),
    store.update('a', () => specification({ capacitySpec: capacity(0, 1) })),
    store.update('a', () => specification({ capacitySpec: capacity(0, 2) })),
  ]);
  await countPasses();
  expect((await store.get('a')).status?.observedGeneration).toBe(3);
});
