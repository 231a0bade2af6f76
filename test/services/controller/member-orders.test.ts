// Orders of the controller to the driver, and what the table of members shows of them.
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { MemberOrders } from '../../../src/services/controller/member-orders.ts';
import { MemberTable } from '../../../src/services/controller/member-table.ts';
import { SimulatedDriver } from '../../../src/services/local/simulated/simulated-driver.ts';
import { openDatabase } from '../../../src/services/local/sqlite/database.ts';

const MEMBER = {
  name: 'a-1',
  poolUid: 'uid',
  poolName: 'a',
  revision: 'r',
  createdAtMs: 0,
  startingSinceMs: 0,
  restarts: 0,
};

test('A member that its driver has begun to stop is not idle before the driver reports it as terminating', async () => {
  const observer = { driverFailed: () => undefined };
  const driver = new SimulatedDriver(openDatabase(':memory:'), { clock: systemClock, observer });
  const members = new MemberTable();
  members.open();
  members.put({ ...MEMBER, phase: 'ready', readyAtMs: 0 });
  const reports: unknown[] = [];
  members.subscribe({ idle: (poolUid) => reports.push(poolUid) });

  await new MemberOrders({ driver, members, clock: systemClock }).stop([MEMBER.name]);
  expect({ isIdle: members.hasIdle('uid'), phase: members.get(MEMBER.name)?.phase }).toEqual({
    isIdle: false,
    phase: 'terminating',
  });

  members.put({ ...MEMBER, phase: 'terminating' });
  expect(reports).toEqual([]);
  members.put({ ...MEMBER, phase: 'ready', readyAtMs: 0 });
  expect(reports).toEqual(['uid']);
});
