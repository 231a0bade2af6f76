// Situations of callers that find no free member, and what really happens to them.
import type { WaitSituation } from '../../../src/services/claims/retry-after.ts';
import { decide } from '../../../src/services/planning/decide.ts';
import { capacity, members, pool } from '../planning/pools.ts';

export const NOW = Date.parse('2026-01-02T03:04:05Z');
export const SECOND = 1000;

/** An empty pool of at most 20 members, which starts 2 at once: a start takes 10 s, a stop 3 s. */
export const situation = (traits: Partial<WaitSituation> = {}): WaitSituation => ({
  nowMs: NOW,
  waiting: 0,
  startingSinceMs: [],
  existing: 0,
  capacity: capacity(0, 5, 0, 20),
  scaleStrategy: { maxUnavailable: 2 },
  startMs: 10 * SECOND,
  stopMs: 3 * SECOND,
  holdMs: undefined,
  claims: [],
  recycle: 'Delete',
  ...traits,
});

/** A claim by its age and the time until it expires, in seconds. */
export const claim = (age: number, expiresIn: number) => ({
  boundAtMs: NOW - age * SECOND,
  expiresAtMs: NOW + expiresIn * SECOND,
});

/** A pool at poolMax whose members are all claimed. */
export const full = (claims: WaitSituation['claims'], traits: Partial<WaitSituation> = {}): WaitSituation =>
  situation({ claims, existing: claims.length, capacity: capacity(0, 0, 0, claims.length), ...traits });

/**
 * Milliseconds until the caller is served if it joins the line now, the scaling rule decides what starts, every start
 * takes `startMs`, and no claim ends. Infinity if the caller is never served.
 */
export const servedAfterMs = ({ nowMs, claims, startMs, capacity: spec, ...given }: WaitSituation): number => {
  let readyAt = given.startingSinceMs.map((sinceMs) => sinceMs + startMs - nowMs).sort((one, other) => one - other);
  let allocated = claims.length;
  let unmet = given.waiting + 1;
  for (let clock = 0; ;) {
    const { create } = decide(
      pool({
        capacitySpec: spec,
        scaleStrategy: given.scaleStrategy,
        unmet,
        members: [
          ...members(allocated, 'held', { allocated: true }),
          ...members(readyAt.length, 'starting', { phase: 'starting' }),
        ],
      }),
      nowMs + clock,
    );
    readyAt = [...readyAt, ...Array<number>(create).fill(clock + startMs)];
    const [next, ...later] = readyAt;
    if (next === undefined) return Infinity;
    [clock, readyAt, allocated, unmet] = [next, later, allocated + 1, unmet - 1];
    if (unmet === 0) return clock;
  }
};
