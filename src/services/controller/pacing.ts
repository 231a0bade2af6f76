// Bounds how much work the controller does for one pool: its claims may change it thousands of times a second.
import type { Clock } from '../../lib/clock.ts';

/** A pass reads every member of its pool: large pools have fewer passes. */
const LARGE_POOL = 100;
const PASS_INTERVAL_MS = 50;
/** Of 10 000 members: a pass every 200 ms. */
const PASS_INTERVAL_PER_MEMBER_MS = 0.02;
/** Two at once, then eight a second: at most ten in any second, and none waits long. */
const STATUS_INTERVAL_MS = 125;

/** When the last pass began, and when statuses that came evenly would have reached; epoch milliseconds. */
type Pace = { passMs: number; statusMs: number };

export class Pacing {
  readonly #clock: Clock;
  readonly #paces = new Map<string, Pace>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds until a pass may begin; 0: it begins now. Passes of a pool with more than 100 members are at least 50 ms apart. */
  beginPass(poolUid: string, members: number): number {
    const nowMs = this.#clock.now();
    const pace = this.#paceOf(poolUid);
    const waitMs =
      members > LARGE_POOL
        ? pace.passMs + Math.max(PASS_INTERVAL_MS, members * PASS_INTERVAL_PER_MEMBER_MS) - nowMs
        : 0;
    if (waitMs > 0) return waitMs;
    pace.passMs = nowMs;
    return 0;
  }

  /** Milliseconds until a status may be written; 0: it is written now. In any second at most 10 are written. */
  statusPauseMs(poolUid: string): number {
    return Math.max(0, this.#paceOf(poolUid).statusMs - STATUS_INTERVAL_MS - this.#clock.now());
  }

  /** Counts a status that was written. */
  countStatus(poolUid: string): void {
    const pace = this.#paceOf(poolUid);
    pace.statusMs = Math.max(pace.statusMs, this.#clock.now()) + STATUS_INTERVAL_MS;
  }

  forget(poolUid: string): void {
    this.#paces.delete(poolUid);
  }

  #paceOf(poolUid: string): Pace {
    const pace = this.#paces.get(poolUid) ?? { passMs: -Infinity, statusMs: -Infinity };
    this.#paces.set(poolUid, pace);
    return pace;
  }
}
