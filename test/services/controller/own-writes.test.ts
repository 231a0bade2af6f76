// Which changes to a pool cause a pass, or interrupt one: real SQLite store and driver, and every status write counted.
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { feedMembers } from '../../../src/services/controller/member-feed.ts';
import { MemberOrders } from '../../../src/services/controller/member-orders.ts';
import { readMembers } from '../../../src/services/controller/member-reader.ts';
import { MemberTable } from '../../../src/services/controller/member-table.ts';
import { planFrom } from '../../../src/services/controller/plan-change.ts';
import { PoolController } from '../../../src/services/controller/pool-controller.ts';
import type { PoolSource } from '../../../src/services/controller/ports.ts';
import { SimulatedDriver } from '../../../src/services/local/simulated/simulated-driver.ts';
import { openDatabase } from '../../../src/services/local/sqlite/database.ts';
import { DecisionLog } from '../../../src/services/local/sqlite/decision-log.ts';
import { sqliteStore } from '../../support/sqlite-store.ts';
import { PoolService } from '../../../src/services/pools/pool-service.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { capacity, specification } from '../../support/pools.ts';
import { silentObserver } from '../../support/silent-observer.ts';
import { temporaryFolder } from '../../support/test-server.ts';

/** `whileWriting` runs before a status is stored, as others do while the write is on its way. */
const startController = async (whileWriting: (pools: PoolService) => Promise<unknown> = () => Promise.resolve()) => {
  const database = openDatabase(path.join(temporaryFolder(), 'warmpool.db'));
  const clock = new FakeClock();
  const store = sqliteStore(database, clock);
  const errors: unknown[] = [];
  const noteError = (_uid: string, error: unknown) => errors.push(error);
  const observer = { ...silentObserver, stepFailed: noteError, driverFailed: noteError };
  const driver = new SimulatedDriver(database, { clock, observer });
  let passes = 0;
  const counted: PoolSource = {
    watch: (signal) => store.watch(signal),
    find: (uid) => store.find(uid) ?? 'deleted',
    writeStatus: async (uid, status) => {
      passes += 1;
      await whileWriting(pools);
      return store.writeStatus(uid, status);
    },
  };
  const decisions = new DecisionLog(database);
  const table = new MemberTable();
  const orders = new MemberOrders({ driver, members: table, clock });
  const controller = new PoolController({
    pools: counted,
    driver,
    members: table,
    orders,
    decisions,
    clock,
    observer,
  });
  const planner = planFrom({ members: table, backOffOf: (uid) => controller.backOffOf(uid), clock });
  const feeding = new AbortController();
  const onPreparation = (uid: string) => {
    controller.enqueue(uid);
  };
  const feed = feedMembers({ reports: driver, members: table, onPreparation, signal: feeding.signal });
  await feed.synced;
  const members = readMembers(table);
  const pools = new PoolService({ store, members, decisions, planner, reviewTemplate: () => [], clock });
  await controller.start();
  onTestFinished(async () => {
    feeding.abort();
    await Promise.all([controller.stop(), feed.ended]);
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
  return { pools, countPasses, members, table, decisions };
};

test('A new pool gets one pass: the status that the controller writes itself causes no other', async () => {
  const { pools, countPasses } = await startController();
  await pools.create('a', specification());
  expect(await countPasses()).toBe(1);
});

test('A change to labels causes no pass, and a new generation causes one', async () => {
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

test('A template that changes while the status is written starts no member of the old template', async () => {
  let changes = 1;
  const { pools, countPasses } = await startController(async (service) => {
    if (changes-- > 0) await service.patch('a', { template: { spec: { hostname: 'new' } } });
  });
  await pools.create('a', specification({ capacitySpec: capacity(1, 1) }));
  await countPasses();
  expect(await pools.members('a')).toMatchObject([{ stale: false, phase: 'starting' }]);
  expect((await pools.decisions('a')).map(({ generation }) => generation)).not.toContain(1);
});

test('A pool that is deleted while its status is written starts no member', async () => {
  const { pools, countPasses, table } = await startController((service) => service.delete('a', {}));
  await pools.create('a', specification({ capacitySpec: capacity(1, 1) }));
  await countPasses();
  expect([...table.poolUids()]).toEqual([]);
});

test('A decision about a deleted pool is not kept', async () => {
  const { pools, countPasses, decisions } = await startController();
  const { after } = await pools.create('a', specification());
  await countPasses();
  const [decision] = await pools.decisions('a');
  await pools.delete('a', {});
  if (decision !== undefined) await decisions.add(after.uid, decision);
  expect([decision?.pool, await decisions.lastReasonCodes(after.uid)]).toEqual(['a', undefined]);
});
