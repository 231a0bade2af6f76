// Pools that start no members for a while, because starts keep failing.
import { BackOff, type BackOffBounds } from '../../lib/back-off.ts';
import type { StartBackOff } from '../planning/conditions.ts';

/** The back-off of each pool whose starts keep failing. */
export class StartBackOffs {
  readonly #bounds: BackOffBounds;
  readonly #byPool = new Map<string, StartBackOff & { readonly backOff: BackOff }>();

  constructor(bounds: BackOffBounds) {
    this.#bounds = bounds;
  }

  get(poolUid: string): StartBackOff | undefined {
    return this.#byPool.get(poolUid);
  }

  /** A start failed. Members that were started together fail together: during a back-off the wait does not grow. */
  fail(poolUid: string, lastError: string, nowMs: number): void {
    const { backOff, untilMs } = this.#byPool.get(poolUid) ?? { backOff: new BackOff(this.#bounds), untilMs: nowMs };
    const nextMs = nowMs < untilMs ? untilMs : nowMs + backOff.next();
    this.#byPool.set(poolUid, { backOff, untilMs: nextMs, lastError });
  }

  /** A start succeeded, or there is nothing left to start. */
  reset(poolUid: string): void {
    this.#byPool.delete(poolUid);
  }
}
