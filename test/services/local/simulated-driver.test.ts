// The simulated driver is a member driver like any other.
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { SimulatedDriver } from '../../../src/services/local/simulated/simulated-driver.ts';
import { openDatabase } from '../../../src/services/local/sqlite/database.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { silentObserver } from '../../support/silent-observer.ts';
import { temporaryFolder } from '../../support/test-server.ts';
import { describeMemberDriver } from '../controller/member-driver.contract.ts';

describeMemberDriver(() => {
  const database = openDatabase(path.join(temporaryFolder(), 'warmpool.db'));
  onTestFinished(() => {
    database.close();
  });
  return new SimulatedDriver(database, { clock: new FakeClock(), observer: silentObserver });
});
