// Pools that start no members for a while, because starts keep failing.
import { BackOff } from '../../lib/back-off.ts';

/** 1 s, doubling to 5 min: of starts, and of scaling steps that fail. */
export const CONTROLLER_BACK_OFF = { firstMs: 1_000, longestMs: 5 * 60_000 };

/** Why a pool starts no members, and until when (epoch milliseconds). */
export type StartBackOff = { readonly untilMs: number; readonly lastError: string };

/** The back-off of each pool whose starts keep failing. */
export class StartBackOffs {
  readonly #byPool = new Map<string, StartBackOff & { readonly backOff: BackOff }>();

  get(poolUid: string): StartBackOff | undefined {
    return this.#byPool.get(poolUid);
  }

  /** A start failed. Members that were started together fail together: during a back-off the wait does not grow. */
  fail(poolUid: string, lastError: string, nowMs: number): void {
    const { backOff, untilMs } = this.#byPool.get(poolUid) ?? {
      backOff: new BackOff(CONTROLLER_BACK_OFF),
      untilMs: nowMs,
    };
    const nextMs = nowMs < untilMs ? untilMs : nowMs + backOff.next();
    this.#byPool.set(poolUid, { backOff, untilMs: nextMs, lastError });
  }

  /** A start succeeded, or there is nothing left to start. */
  reset(poolUid: string): void {
    this.#byPool.delete(poolUid);
  }
}
