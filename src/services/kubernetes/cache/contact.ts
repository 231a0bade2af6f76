// Whether the cache is in touch with the API server, and what a read answers when it is not.
import type { Clock } from '../../clock.ts';
import { WarmpoolError } from '../../warmpool-error.ts';

/**
 * How long a refusal lasts before what is cached is no longer shown: an API server that has just started answers 403 and 404
 * until it has read its own roles and definitions.
 */
const REFUSAL_MS = 3_000;

/** How long a read waits for the running attempt to fill the cache. */
const READ_PATIENCE_MS = 5_000;

export class Contact {
  readonly #clock: Clock;
  readonly #onChange: (problem: WarmpoolError | undefined) => void;
  /** Settles with the running attempt to fill the cache; undefined while none runs. */
  #attempt: PromiseWithResolvers<undefined> | undefined;
  #isFilled = false;
  #wasFilled = false;
  #isInTouch = false;
  #lastHeardMs: number;
  #problem: WarmpoolError | undefined;
  #refusedSinceMs: number | undefined;

  /** @param onChange Told why contact was lost, once for each reason, and undefined when it is found again. */
  constructor(clock: Clock, onChange: (problem: WarmpoolError | undefined) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#lastHeardMs = clock.now();
  }

  /** Whether there is something to read, old or new. */
  get isReadable(): boolean {
    return this.#isFilled;
  }

  /** Resolves when there is something to read. Errors: that of the last attempt to fill the cache. */
  async readable(): Promise<void> {
    if (this.#isFilled) return;
    const attempt = this.#attempt?.promise ?? Promise.reject(this.#problem ?? notYet());
    const { promise: isLate, reject } = Promise.withResolvers<never>();
    const cancel = this.#clock.after(READ_PATIENCE_MS, () => {
      reject(notYet());
    });
    await Promise.race([attempt, isLate]).finally(cancel);
  }

  /** How old what is read may be, in whole seconds; undefined while in touch. */
  ageSeconds(): number | undefined {
    return this.#isInTouch ? undefined : Math.floor((this.#clock.now() - this.#lastHeardMs) / 1_000);
  }

  /** Why nothing was read yet; undefined from the first time on that the cache was filled. */
  get notReady(): WarmpoolError | undefined {
    return this.#wasFilled ? undefined : (this.#problem ?? notYet());
  }

  /** Why reads are old or refused; undefined while in touch. */
  get problem(): string | undefined {
    if (this.#isInTouch) return undefined;
    const what = this.#isFilled ? `Answers are ${this.ageSeconds() ?? 0} s old` : 'Reads are refused';
    return `${what}: ${this.#problem?.message ?? 'reading the pools from the Kubernetes API server.'}`;
  }

  /** An attempt to fill the cache begins. */
  begin(): void {
    this.#attempt = Promise.withResolvers();
    // Whoever waits handles its rejection; often nobody does.
    this.#attempt.promise.catch(() => undefined);
  }

  /** The cache holds a whole list. */
  filled(): void {
    this.#isFilled = true;
    this.#wasFilled = true;
    this.heard();
    this.#attempt?.resolve(undefined);
    this.#attempt = undefined;
  }

  /** The API server said something: what was heard up to now is complete. */
  heard(): void {
    if (this.#problem !== undefined) this.#onChange(undefined);
    this.#isInTouch = true;
    this.#problem = undefined;
    this.#refusedSinceMs = undefined;
    this.#lastHeardMs = this.#clock.now();
  }

  /** List or watch failed. @param isRefused There is nothing to read for this account: what is cached must not be shown. */
  lost(problem: WarmpoolError, isRefused: boolean): void {
    if (this.#problem?.message !== problem.message) this.#onChange(problem);
    this.#isInTouch = false;
    this.#problem = problem;
    const nowMs = this.#clock.now();
    this.#refusedSinceMs = isRefused ? (this.#refusedSinceMs ?? nowMs) : undefined;
    if (nowMs - (this.#refusedSinceMs ?? nowMs) >= REFUSAL_MS) this.#isFilled = false;
    this.#attempt?.reject(problem);
    this.#attempt = undefined;
  }
}

const notYet = () =>
  new WarmpoolError('KUBERNETES::TIMEOUT', 'The pools are still being read from the Kubernetes API server. Try again.');
