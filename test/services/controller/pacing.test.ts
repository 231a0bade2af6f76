// How much work the controller does for a pool that claims change all the time.
import { describe, expect, test } from 'vitest';
import { Pacing } from '../../../src/services/controller/pacing.ts';
import { FakeClock } from '../../support/fake-clock.ts';

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
