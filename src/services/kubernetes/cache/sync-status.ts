// Whether the cache is in touch with the API server, and what a read answers when it is not.
import type { Clock } from '../../../lib/clock.ts';
import { WarmpoolError } from '../../warmpool-error.ts';

/**
 * How long a refusal lasts before what is cached is no longer shown: an API server that has just started answers 403 and 404
 * until it has read its own roles and definitions.
 */
const REFUSAL_MS = 3_000;

/** How long a read waits for the running attempt to fill the cache. */
const READ_PATIENCE_MS = 5_000;

export class SyncStatus {
  readonly #clock: Clock;
  readonly #onChange: (problem: WarmpoolError | undefined) => void;
  /** Settles with the running attempt to fill the cache; undefined while none runs. */
  #attempt: PromiseWithResolvers<undefined> | undefined;
  readonly #firstList = Promise.withResolvers<undefined>();
  #hasList = false;
  #lastHeardMs: number;
  /** Why there is no contact; undefined while there is, and at the very beginning. */
  #problem: WarmpoolError | undefined;
  /** Since when list or watch are refused; ended by a watch that opens, not by a list alone. */
  #refusedSinceMs: number | undefined;
  #lastRefusedMs = 0;

  /** @param onChange Told why contact was lost, once for each reason, and undefined when it is found again. */
  constructor(clock: Clock, onChange: (problem: WarmpoolError | undefined) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#lastHeardMs = clock.now();
  }

  /** Whether there is something to read, old or new. */
  get isReadable(): boolean {
    return (
      this.#hasList && (this.#refusedSinceMs === undefined || this.#lastRefusedMs - this.#refusedSinceMs < REFUSAL_MS)
    );
  }

  /** Resolves when the cache was filled for the first time, however long that takes. */
  get everFilled(): Promise<undefined> {
    return this.#firstList.promise;
  }

  /**
   * Resolves when there is something to read. Rejects with the error of the last attempt to fill the cache, after 5 s at
   * the latest, or with the reason of an aborted `signal`.
   */
  async waitForSync(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.isReadable) return;
    const attempt = this.#attempt?.promise ?? Promise.reject(this.#problem ?? notYet());
    const { promise: isLate, reject } = Promise.withResolvers<never>();
    const cancel = this.#clock.after(READ_PATIENCE_MS, () => {
      reject(this.#problem ?? notYet());
    });
    const abort = () => {
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort);
    await Promise.race([attempt, isLate]).finally(() => {
      cancel();
      signal?.removeEventListener('abort', abort);
    });
  }

  /** How old what is read may be, in whole seconds; undefined while in touch. */
  ageSeconds(): number | undefined {
    return this.#problem === undefined ? undefined : Math.floor((this.#clock.now() - this.#lastHeardMs) / 1_000);
  }

  /** Why nothing was read yet; undefined from the first time on that the cache was filled. */
  get notReady(): WarmpoolError | undefined {
    return this.#hasList ? undefined : (this.#problem ?? notYet());
  }

  /** Why reads are old or refused; undefined while in touch. */
  get problem(): string | undefined {
    if (this.#problem === undefined) return undefined;
    const what = this.isReadable ? `Answers are ${this.ageSeconds() ?? 0} s old` : 'Reads are refused';
    return `${what}: ${this.#problem.message}`;
  }

  /** An attempt to fill the cache begins. */
  begin(): void {
    this.#attempt ??= Promise.withResolvers();
    // Whoever waits handles its rejection; often nobody does.
    this.#attempt.promise.catch(() => undefined);
  }

  /** The cache holds a whole list. After a refusal that counts only when a watch opens as well. */
  filled(): void {
    this.#hasList = true;
    this.#firstList.resolve(undefined);
    this.#lastHeardMs = this.#clock.now();
    if (this.#refusedSinceMs === undefined) this.heard();
  }

  /** The watch is open and the API server said something: what was heard up to now is complete. */
  heard(): void {
    if (this.#problem !== undefined) this.#onChange(undefined);
    this.#problem = undefined;
    this.#refusedSinceMs = undefined;
    this.#lastHeardMs = this.#clock.now();
    this.#attempt?.resolve(undefined);
    this.#attempt = undefined;
  }

  /** List or watch failed. @param isRefused There is nothing to read for this account: what is cached must not be shown for long. */
  lost(problem: WarmpoolError, isRefused: boolean): void {
    if (this.#problem?.message !== problem.message) this.#onChange(problem);
    this.#problem = problem;
    this.#lastRefusedMs = this.#clock.now();
    this.#refusedSinceMs = isRefused ? (this.#refusedSinceMs ?? this.#lastRefusedMs) : undefined;
    this.#attempt?.reject(problem);
    this.#attempt = undefined;
  }
}

const notYet = () =>
  new WarmpoolError('KUBERNETES::TIMEOUT', 'The pools are still being read from the Kubernetes API server. Try again.');
