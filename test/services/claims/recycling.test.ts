// What happens to a member when its claim ends.
import { describe, expect, test } from 'vitest';
import type { RecycleType } from '../../../src/contract/strategies.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { template } from '../../support/pools.ts';
import { ScriptedDriver } from './scripted-driver.ts';
import { startClaims } from './start-claims.ts';

/** A pool of one member, which a claim held until a moment ago. */
const released = async (
  recycle: RecycleType,
  prepare: (driver: ScriptedDriver, clock: Clock) => void = () => undefined,
) => {
  const drivers: ScriptedDriver[] = [];
  const it = await startClaims({
    wrap: (inner, { clock }) => {
      const script = new ScriptedDriver(inner, clock);
      drivers.push(script);
      return script.overrides();
    },
  });
  const [driver] = drivers;
  if (driver === undefined) throw new Error('The runtime created no driver.');
  await it.readyPool('a', 1, { recycle });
  const { id, member } = await it.claimed('a');
  prepare(driver, it.clock);
  await it.claims.release(id);
  const namesOf = async () => (await it.membersOf('a')).map(({ name }) => name);
  return { ...it, driver, name: member.name, namesOf };
};

describe('The strategies', () => {
  test('Delete removes the member, and nobody gets it again', async () => {
    const { name, claim, advance, namesOf } = await released('Delete');
    expect(await claim('a')).toBe('KUBERNETES::POOL_CAPACITY_EXHAUSTED');
    await advance(10_000);
    expect(await namesOf()).toHaveLength(1);
    expect(await namesOf()).not.toContain(name);
  });

  test('Noop returns the member to the buffer immediately, as it is', async () => {
    const { driver, name, claim } = await released('Noop');
    expect(await claim('a')).toBe(name);
    expect(driver.restarts).toEqual([]);
  });

  test('Restart gives the member a fresh start, and nobody gets it before it is ready again', async () => {
    const { driver, name, claim, advance, membersOf } = await released('Restart');
    expect(await claim('a')).toBe('KUBERNETES::POOL_CAPACITY_EXHAUSTED');
    expect(await membersOf('a')).toMatchObject([{ name, phase: 'starting', allocated: false }]);
    await advance(4_000);
    expect(driver.restarts.map((restart) => restart.name)).toEqual([name]);
    expect(await claim('a')).toBe(name);
  });

  test.each(['Delete', 'Restart', 'Noop'] as const)(
    'A stale member is removed when its claim ends, under %s',
    async (recycle) => {
      const { pools, claims, claimed, advance, membersOf, readyPool } = await startClaims();
      await readyPool('a', 1, { recycle });
      const { id, member } = await claimed('a');
      await pools.update('a', { template: template('next:1') });
      await advance(10_000);
      expect((await membersOf('a')).map(({ name }) => name)).toContain(member.name);
      await claims.release(id);
      await advance(10_000);
      expect(await membersOf('a')).toMatchObject([{ stale: false, phase: 'ready' }]);
    },
  );

  test('A strategy that changes while a claim holds a member applies at its end', async () => {
    const { pools, claims, claimed, claim, readyPool } = await startClaims();
    await readyPool('a', 1);
    const { id, member } = await claimed('a');
    await pools.update('a', { ...(await pools.get('a')).specification, recycleStrategy: { type: 'Noop' } });
    await claims.release(id);
    expect(await claim('a')).toBe(member.name);
  });
});

describe('Restarts and stops that fail', () => {
  test('A member whose restarts fail is removed after three, which are 30 s apart', async () => {
    const times: number[] = [];
    const { name, advance, namesOf } = await released('Restart', (driver, clock) => {
      driver.before = (call) => {
        if (call !== 'restart') return;
        times.push(clock.now());
        throw new Error('refused');
      };
    });
    await advance(59_999);
    expect(await namesOf()).toEqual([name]);
    await advance(60_000);
    expect(times.slice(1).map((at, index) => at - (times[index] ?? 0))).toEqual([30_000, 30_000]);
    expect(await namesOf()).not.toContain(name);
  });

  test('A member that fails after its restart is restarted again, and is free once it is ready', async () => {
    let failures = 2;
    const { driver, name, claim, advance } = await released('Restart', (it) => {
      it.isPassing = ({ phase, name: of }) => {
        if (phase !== 'ready' || failures === 0) return true;
        failures -= 1;
        it.report(of, { phase: 'failed', message: 'exit code 1' });
        return false;
      };
    });
    await advance(60_000);
    expect(driver.restarts.map((restart) => restart.name)).toEqual([name, name]);
    await advance(10_000);
    expect(driver.restarts.map((restart) => restart.name)).toEqual([name, name, name]);
    expect(await claim('a')).toBe(name);
  });

  test('A member that is not ready again within the deadline of three restarts is removed', async () => {
    const { driver, name, advance, namesOf } = await released('Restart', (it) => {
      it.isPassing = ({ phase, name: of }) => phase !== 'ready' || of !== [...it.members.keys()][0];
    });
    await advance(899_000);
    expect(driver.restarts.map((restart) => restart.name)).toEqual([name, name, name]);
    await advance(10_000);
    expect(await namesOf()).not.toContain(name);
  });

  test('A stop that fails is tried again, and meanwhile the pool replaces the member', async () => {
    let failures = 3;
    const { name, advance, membersOf, statusOf, namesOf, pools } = await released('Delete', (driver) => {
      driver.before = (call) => {
        if (call === 'stop' && failures-- > 0) throw new Error('unreachable');
      };
    });
    await pools.update('a', { capacitySpec: { bufferMin: 1, bufferMax: 1, poolMin: 0, poolMax: 2 } });
    expect(await membersOf('a')).toMatchObject([{ name, phase: 'terminating' }]);
    await advance(4_000);
    expect(await statusOf('a')).toMatchObject({ total: 1, available: 1 });
    await advance(30_000);
    expect(await namesOf()).toHaveLength(1);
    expect(await namesOf()).not.toContain(name);
  });

  test('A member that does not end after it was stopped is stopped again', async () => {
    const { driver, name, settle, advance, namesOf } = await released('Delete', (it) => {
      it.ignoredStops = 1;
    });
    await settle();
    driver.report(name, { phase: 'ready' });
    await settle();
    await advance(10_000);
    expect(driver.stops.filter((stopped) => stopped === name).length).toBeGreaterThan(1);
    expect(await namesOf()).not.toContain(name);
  });
});

describe('Orders to recycle across restarts of the server', () => {
  test.each(['Delete', 'Restart'] as const)(
    'An order that was not carried out under %s is carried out at the next start, and the member is never free before',
    async (recycle) => {
      const first = await released(recycle, (driver) => {
        driver.before = () => {
          throw new Error('unreachable');
        };
      });
      await first.stop();
      const second = await startClaims({ folder: first.folder, clock: first.clock });
      expect(await second.claim('a')).toBe('KUBERNETES::POOL_CAPACITY_EXHAUSTED');
      await second.advance(10_000);
      const names = (await second.membersOf('a')).map(({ name }) => name);
      expect(names).toHaveLength(1);
      expect(names.includes(first.name)).toBe(recycle === 'Restart');
      expect(await second.claim('a')).toBe(names[0]);
    },
  );

  test('A member whose restart was interrupted is restarted again before anybody gets it', async () => {
    const first = await released('Restart');
    await first.advance(500);
    await first.stop();
    const restarts: string[] = [];
    const second = await startClaims({
      folder: first.folder,
      clock: first.clock,
      wrap: (driver) => ({
        restart: async (name) => {
          restarts.push(name);
          await driver.restart(name);
        },
      }),
    });
    await second.settle();
    expect(restarts).toEqual([first.name]);
    await second.advance(4_000);
    expect(await second.claim('a')).toBe(first.name);
  });

  test('A member that a claim holds is held after a restart of the server', async () => {
    const first = await startClaims();
    await first.readyPool('a', 2, { recycle: 'Noop' });
    const { id, member } = await first.claimed('a');
    await first.stop();
    const second = await startClaims({ folder: first.folder, clock: first.clock });
    expect(await second.claim('a')).not.toBe(member.name);
    expect(await second.claim('a')).toBe('KUBERNETES::POOL_CAPACITY_EXHAUSTED');
    await second.claims.release(id);
    expect(await second.claim('a')).toBe(member.name);
  });
});
