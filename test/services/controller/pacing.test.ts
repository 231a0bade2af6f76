// How much work the controller does for a pool that claims change all the time.
import { describe, expect, test } from 'vitest';
import { Pacing } from '../../../src/services/controller/pacing.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { capacity } from '../../support/pools.ts';
import { startClaims } from '../claims/start-claims.ts';

describe('Pacing', () => {
  test('In any second at most 10 statuses of a pool are written', () => {
    const clock = new FakeClock();
    const pacing = new Pacing(clock);
    const written: number[] = [];
    const startMs = clock.now();
    // One early, then nothing until just before its second is over: the worst case of a fixed window.
    for (const atMs of [0, ...Array.from({ length: 2_000 }, (_, index) => 990 + index)]) {
      clock.moveTo(startMs + atMs);
      if (pacing.statusPauseMs('a') > 0) continue;
      pacing.countStatus('a');
      written.push(atMs);
    }
    const inSecondFrom = (fromMs: number) => written.filter((atMs) => atMs >= fromMs && atMs < fromMs + 1_000).length;
    expect(Math.max(...written.map(inSecondFrom))).toBeLessThanOrEqual(10);
    expect(written.length).toBeGreaterThan(16);
    expect(pacing.statusPauseMs('b'), 'other pools have their own').toBe(0);
  });

  test('The pause is the time until the next status may be written', () => {
    const clock = new FakeClock();
    const pacing = new Pacing(clock);
    pacing.countStatus('a');
    expect(pacing.statusPauseMs('a')).toBe(0);
    pacing.countStatus('a');
    expect(pacing.statusPauseMs('a')).toBe(125);
    clock.moveTo(clock.now() + 100);
    expect(pacing.statusPauseMs('a')).toBe(25);
    pacing.forget('a');
    expect(pacing.statusPauseMs('a')).toBe(0);
  });

  test('Passes of a pool with more than 100 members are at least 50 ms apart, those of others are not delayed', () => {
    const clock = new FakeClock();
    const pacing = new Pacing(clock);
    expect(pacing.beginPass('a', 101)).toBe(0);
    expect(pacing.beginPass('a', 101)).toBe(50);
    expect(pacing.beginPass('b', 101)).toBe(0);
    expect(pacing.beginPass('a', 100)).toBe(0);
    clock.moveTo(clock.now() + 20);
    expect(pacing.beginPass('a', 101)).toBe(30);
    clock.moveTo(clock.now() + 30);
    expect(pacing.beginPass('a', 101)).toBe(0);
  });
});

describe('A pool that claims change all the time', () => {
  test('Its status is written at most 10 times in a second, and is current in the end', async () => {
    const { clock, ports, claims, claimed, advance, statusOf, readyPool } = await startClaims();
    await readyPool('a', 2, { recycle: 'Noop' });
    const stop = new AbortController();
    const written: number[] = [];
    const watch = async () => {
      for await (const event of ports.store.watch(stop.signal))
        if (event.type === 'modified') written.push(clock.now());
    };
    const watching = watch();
    await advance(1_000);
    for (let round = 0; round < 250; round++) {
      const { id } = await claimed('a');
      await advance(5);
      await claims.release(id);
      await advance(5);
    }
    const inSecondFrom = (fromMs: number) => written.filter((atMs) => atMs >= fromMs && atMs < fromMs + 1_000).length;
    const most = Math.max(...written.map(inSecondFrom));
    expect(most).toBeLessThanOrEqual(10);
    expect(most).toBeGreaterThanOrEqual(8);
    await claimed('a');
    await advance(1_000);
    expect(await statusOf('a')).toMatchObject({ allocated: 1, available: 1 });
    stop.abort();
    await watching;
  });

  test('A pool of more than 100 members reacts to changes every 50 ms, and misses none', async () => {
    const { clock, pools, claimed, advance, membersOf, readyPool } = await startClaims();
    await readyPool('a', 110, { poolMax: 200 });
    await pools.update('a', { capacitySpec: capacity(110, 110, 0, 200) });
    await advance(1_000);
    const startMs = clock.now();
    await claimed('a');
    await advance(10);
    await claimed('a');
    await advance(200);
    const startedMs = (await membersOf('a')).map(({ createdAt }) => Date.parse(createdAt) - startMs);
    expect(startedMs.filter((atMs) => atMs >= 0).sort((one, other) => one - other)).toEqual([0, 50]);
  });
});
