// How long to wait after failures: doubling, with jitter so that what fails together is not tried again together.

type BackOffBounds = {
  /** The wait after the first failure, in milliseconds. */
  readonly firstMs: number;
  /** The longest wait, in milliseconds. */
  readonly longestMs: number;
};

/** The wait after the n-th failure in a row (from 1), in milliseconds: 75 to 100 % of the doubled step. */
export const backOffMs = (failures: number, { firstMs, longestMs }: BackOffBounds): number =>
  Math.round(Math.min(longestMs, firstMs * 2 ** (failures - 1)) * (0.75 + Math.random() / 4));

/** The waits after failures in a row. */
export class BackOff {
  readonly #bounds: BackOffBounds;
  #failures = 0;

  constructor(bounds: BackOffBounds) {
    this.#bounds = bounds;
  }

  /** Counts a failure. Returns the wait after it, in milliseconds. */
  nextMs(): number {
    this.#failures += 1;
    return backOffMs(this.#failures, this.#bounds);
  }

  /** The next failure is the first one again. */
  reset(): void {
    this.#failures = 0;
  }
}
