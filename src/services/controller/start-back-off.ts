// Pools that start no members for a while, because starts keep failing.
import { backOffMs } from '../../lib/back-off.ts';

/** 1 s, doubling to 5 min: of starts, and of scaling steps that fail. */
export const CONTROLLER_BACK_OFF = { firstMs: 1_000, longestMs: 5 * 60_000 };

/** Why and until when a pool starts no members. */
export type StartBackOff = { readonly failures: number; readonly untilMs: number; readonly lastError: string };

/** The back-off of each pool whose starts keep failing. */
export class StartBackOffs {
  readonly #byPool = new Map<string, StartBackOff>();

  get(poolUid: string): StartBackOff | undefined {
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
    this.#byPool.set(poolUid, {
      failures,
      untilMs: nowMs + backOffMs(failures, CONTROLLER_BACK_OFF),
      lastError: error,
    });
  }

  /** A start succeeded, or there is nothing left to start. */
  reset(poolUid: string): void {
    this.#byPool.delete(poolUid);
  }
}
