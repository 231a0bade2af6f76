// The definition of the MemberDriver port: every driver passes this suite.
import { describe, expect, onTestFinished, test } from 'vitest';
import type { MemberDriver, MemberEvent } from '../../../src/services/controller/ports.ts';

const ORDER = { name: 'a-1', poolUid: 'u', poolName: 'a', revision: 'r', template: {} };

const brief = (event: MemberEvent) => (event.type === 'present' ? event.member.phase : event.type);

/** `open` returns a driver without members that completes no start and no stop during the test. */
export const describeMemberDriver = (open: () => MemberDriver): void => {
  const openWatched = () => {
    const driver = open();
    const watching = new AbortController();
    const reports: string[] = [];
    const read = async () => {
      for await (const event of driver.watch(watching.signal)) reports.push(brief(event));
    };
    const ended = read();
    onTestFinished(async () => {
      watching.abort();
      await ended;
      driver.close();
    });
    return { driver, reports };
  };

  /** The initial state that a new watch reports. */
  const initialState = async (driver: MemberDriver) => {
    const reports: string[] = [];
    for await (const event of driver.watch(new AbortController().signal)) {
      if (event.type === 'synced') break;
      reports.push(brief(event));
    }
    return reports;
  };

  describe('A member driver', () => {
    test('A started member is reported as starting, to current and later watches', async () => {
      const { driver, reports } = openWatched();
      await driver.start(ORDER);
      await expect.poll(() => reports).toEqual(['synced', 'starting']);
      expect(await initialState(driver)).toEqual(['starting']);
    });

    test('A member is reported as terminating before the order to stop it resolves', async () => {
      const { driver, reports } = openWatched();
      await driver.start(ORDER);
      await expect.poll(() => reports).toEqual(['synced', 'starting']);
      await driver.stop(ORDER.name);
      // Reports travel through an async iterable; they need no more than one turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
      expect(reports).toEqual(['synced', 'starting', 'terminating']);
      expect(await initialState(driver)).toEqual(['terminating']);
    });

    test('Stopping a member that is stopping, or does not exist, changes nothing', async () => {
      const { driver, reports } = openWatched();
      await driver.start(ORDER);
      await driver.stop(ORDER.name);
      await driver.stop(ORDER.name);
      await driver.stop('a-2');
      await expect.poll(() => reports.at(-1)).toBe('terminating');
      expect(reports.filter((report) => report === 'terminating')).toHaveLength(1);
      expect(await initialState(driver)).toEqual(['terminating']);
    });
  });
};
