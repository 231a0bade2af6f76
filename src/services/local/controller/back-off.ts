// How long to wait after failures: 1 s, doubling to 5 min, with jitter so that pools that fail together do not retry together.

const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;

/** The wait after the n-th failure in a row (from 1), in milliseconds: 75 to 100 % of the doubled step. */
export const backOffMs = (failures: number): number =>
  Math.round(Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1)) * (0.75 + Math.random() / 4));

/** Why and until when a pool starts no members. */
export type BackOff = { readonly failures: number; readonly untilMs: number; readonly lastError: string };

/** The back-off of each pool whose starts keep failing. */
export class BackOffs {
  readonly #byPool = new Map<string, BackOff>();

  get(poolUid: string): BackOff | undefined {
    return this.#byPool.get(poolUid);
  }

  /** A start failed. Members that were started together fail together: while backing off already, the wait does not grow. */
  fail(poolUid: string, error: string, nowMs: number): void {
    const present = this.#byPool.get(poolUid);
    if (present !== undefined && nowMs < present.untilMs) {
      this.#byPool.set(poolUid, { ...present, lastError: error });
      return;
    }
    const failures = (present?.failures ?? 0) + 1;
    this.#byPool.set(poolUid, { failures, untilMs: nowMs + backOffMs(failures), lastError: error });
  }

  /** A start succeeded, or there is nothing left to start. */
  reset(poolUid: string): void {
    this.#byPool.delete(poolUid);
  }
}
