// Runs passes one at a time: once more after each poke, and again when one has failed.
import { BackOff } from '../../../lib/back-off.ts';
import type { Clock } from '../../../lib/clock.ts';

const RETRY = { firstMs: 1_000, longestMs: 30_000 };

type PassLoopOptions = {
  readonly clock: Clock;
  readonly pass: () => Promise<void>;
  /** Called before a pass that has failed is repeated, after `retryMs`. */
  readonly onFailure: (error: unknown, retryMs: number) => void;
};

export class PassLoop {
  readonly #options: PassLoopOptions;
  readonly #backOff = new BackOff(RETRY);
  #isDirty = false;
  #isRunning = false;
  #isClosed = false;
  #ended: Promise<void> = Promise.resolve();
  #cancelTimer: () => void = () => undefined;

  constructor(options: PassLoopOptions) {
    this.#options = options;
  }

  /** Has a pass run: at once, or after the one that is running. Never throws. */
  poke(): void {
    this.#isDirty = true;
    if (this.#isRunning || this.#isClosed) return;
    this.#isRunning = true;
    this.#ended = this.#run();
  }

  /** Pokes after this time, unless a pass runs earlier. */
  pokeAfter(delayMs: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(delayMs, () => {
      this.poke();
    });
  }

  /** Runs `task` in place of a pass, and passes after it. Rejects as `task` does. */
  async runFirst(task: () => Promise<void>): Promise<void> {
    this.#isRunning = true;
    try {
      await task();
    } finally {
      this.#isRunning = false;
      this.poke();
    }
  }

  /** Resolves when there is nothing to do but wait. */
  settled(): Promise<void> {
    return this.#ended;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
  }

  async #run(): Promise<void> {
    try {
      while (this.#isDirty && !this.#isClosed) {
        this.#isDirty = false;
        this.#cancelTimer();
        await this.#options.pass();
      }
      this.#backOff.reset();
    } catch (error) {
      if (!this.#isClosed) this.#retry(error);
    } finally {
      this.#isRunning = false;
    }
  }

  #retry(error: unknown): void {
    const retryMs = this.#backOff.next();
    this.pokeAfter(retryMs);
    this.#options.onFailure(error, retryMs);
  }
}
