// A server that is killed while its driver is slow to stop or to restart the member of a claim that has just ended.
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { RecycleType } from '../../../src/contract/strategies.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { capacity, specification } from '../../support/pools.ts';
import { temporaryFolder } from '../../support/test-server.ts';
import { startProcess, type ServerProcess } from './model/server-process.ts';

/** Longer than a simulated start or stop takes. */
const LONG_MS = 10_000;

/** A server on what the server before it has left on disk. It can be killed. */
const serverOn = async (folder: string, clock: FakeClock, { isHanging }: { isHanging: boolean }) => {
  const server = await startProcess(folder, clock, {
    driver: (driver) => {
      driver.isHanging = isHanging;
    },
  });
  onTestFinished(() => (server.isAlive() ? server.stop() : undefined));
  /** Reports travel through an async iterable, which takes a few turns of the event loop. */
  const settle = async () => {
    for (let turn = 0; turn < 6; turn++) await setImmediate().then(() => server.settled());
  };
  const advance = async (ms: number) => {
    const endMs = clock.now() + ms;
    await settle();
    for (let next = clock.nextAtMs; next !== undefined && next <= endMs; next = clock.nextAtMs) {
      clock.moveTo(next);
      await settle();
    }
  };
  return { ...server, advance };
};

/** Names of the members that the next claim could get. */
const idleMembers = async ({ pools }: Pick<ServerProcess, 'pools'>): Promise<string[]> =>
  (await pools.members('a')).flatMap(({ name, phase, allocated }) => (phase === 'ready' && !allocated ? [name] : []));

/** A server with a pool of one member, which a claim holds. */
const holding = async (recycle: RecycleType, options: { isHanging: boolean }) => {
  const clock = new FakeClock();
  const server = await serverOn(temporaryFolder(), clock, options);
  const it = specification({ capacitySpec: capacity(1, 1, 0, 1), scaleStrategy: { maxUnavailable: '100%' } });
  await server.pools.create('a', { ...it, recycleStrategy: { type: recycle } });
  await server.advance(LONG_MS);
  const { claim } = await server.claims.create('a', {});
  return { server, clock, claim };
};

const DRIVERS = [
  { driver: 'does not respond', isHanging: true },
  { driver: 'takes its time', isHanging: false },
];

const CASES = (['Delete', 'Restart', 'Noop'] as const).flatMap((recycle) =>
  DRIVERS.map((driver) => ({ recycle, ...driver })),
);

/** Between the release and the kill: turns of the event loop, in one of which it is committed, and then milliseconds. */
const MOMENTS = [
  ...[0, 1, 2, 3, 4, 8].map((turns) => ({ turns, ms: 0 })),
  ...[100, 400, 1_000].map((ms) => ({ turns: 8, ms })),
];

test.each(CASES)(
  'Whenever a server is killed after a release under $recycle, while its driver $driver, the next ones never find the member idle before it was recycled',
  async ({ recycle, isHanging }) => {
    const statesFound = new Set<string>();
    for (const { turns, ms } of MOMENTS) {
      const { server: first, clock, claim } = await holding(recycle, { isHanging });
      const { id, member } = claim;
      const servers: ServerProcess[] = [first];
      const isRestarted = () => servers.some(({ driver }) => driver.restarts.some(({ name }) => name === member.name));
      const next = async (dying: ServerProcess, options: { isHanging: boolean }) => {
        const server = await serverOn(dying.kill(), clock, options);
        servers.push(server);
        return server;
      };
      void first.claims.release(id).catch(() => undefined);
      for (let turn = 0; turn < turns; turn++) await setImmediate();
      if (ms > 0) await first.advance(ms);
      // Where the driver has begun nothing, it begins nothing now.
      const second = await next(first, { isHanging: true });
      const { state } = await second.claims.get(id);
      statesFound.add(state);
      /** Noop returns a member as soon as its claim has ended, Restart once it was restarted. */
      const mayBeIdle = () => (recycle === 'Noop' ? state === 'released' : recycle === 'Restart' && isRestarted());
      const isIdleTooEarly = async (server: ServerProcess) =>
        !mayBeIdle() && (await idleMembers(server)).includes(member.name);
      expect(await isIdleTooEarly(second)).toBe(false);
      // A report about the time before the recycling.
      second.driver.report(member.name, { address: '10.0.0.9' });
      await second.advance(LONG_MS);
      expect(await isIdleTooEarly(second)).toBe(false);
      const third = await next(second, { isHanging: false });
      expect(await isIdleTooEarly(third)).toBe(false);
      if (state === 'bound') await third.claims.release(id);
      await third.advance(LONG_MS);
      expect(await idleMembers(third)).toEqual([
        recycle === 'Delete' ? expect.not.stringMatching(member.name) : member.name,
      ]);
      if (recycle === 'Restart') expect(isRestarted()).toBe(true);
      expect(third.orders()).toEqual([]);
    }
    // Kills came before the commit and after it.
    expect(statesFound).toEqual(new Set(['bound', 'released']));
  },
);
