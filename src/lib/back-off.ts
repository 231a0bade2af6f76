// How long to wait after failures: doubling, with jitter so that what failed together is not retried together.

export type BackOffBounds = {
  /** The wait after the first failure, in milliseconds. */
  readonly firstMs: number;
  /** The longest wait, in milliseconds. */
  readonly longestMs: number;
};

export class BackOff {
  readonly #bounds: BackOffBounds;
  #failures = 0;

  constructor(bounds: BackOffBounds) {
    this.#bounds = bounds;
  }

  /** Records a failure and returns the wait before the next attempt, in milliseconds: 75 to 100 % of the doubled step. */
  next(): number {
    const { firstMs, longestMs } = this.#bounds;
    const stepMs = Math.min(longestMs, firstMs * 2 ** this.#failures);
    this.#failures += 1;
    return Math.round(stepMs * (0.75 + Math.random() / 4));
  }

  /** Records a success: the next failure waits as long as the first. */
  reset(): void {
    this.#failures = 0;
  }
}
