// Whether a cache is in sync with the API server, and what its readers get while it is not.
import type { Clock } from '../../../lib/clock.ts';
import { WarmpoolError } from '../../warmpool-error.ts';

/** How long reads are served and writes may be repeated after a refusal: an API server that has just started responds with 403 and 404 until it has read its roles and CRDs. */
const REFUSAL_MS = 3_000;
/** How long a read waits for the running list. */
const READ_DEADLINE_MS = 5_000;

type State =
  /** Nothing was ever listed. */
  | { readonly name: 'initial'; readonly problem?: WarmpoolError }
  | { readonly name: 'synced'; readonly problem?: undefined }
  /** List or watch failed: the objects are as of the last sync. */
  | { readonly name: 'stale'; readonly problem: WarmpoolError }
  /** The account may not list or watch. Ends when a watch opens: a list may succeed in between. */
  | { readonly name: 'refused'; readonly problem: WarmpoolError; readonly sinceMs: number; readonly lastMs: number };

export class SyncStatus {
  readonly #clock: Clock;
  readonly #onChange: (problem: WarmpoolError | undefined) => void;
  readonly #firstList = Promise.withResolvers<undefined>();
  #hasList = false;
  #state: State = { name: 'initial' };
  #lastSyncMs: number;
  /** When the first write was forbidden since the last sync. */
  #forbiddenSinceMs: number | undefined;
  /** Settles with the running list; undefined while none runs. */
  #attempt: PromiseWithResolvers<undefined> | undefined;

  /** @param onChange Receives why the sync was lost, once for each reason, and undefined when it is back. */
  constructor(clock: Clock, onChange: (problem: WarmpoolError | undefined) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#lastSyncMs = clock.now();
  }

  /** Whether there are objects to read, current or not. */
  get isReadable(): boolean {
    const state = this.#state;
    return this.#hasList && (state.name !== 'refused' || state.lastMs - state.sinceMs < REFUSAL_MS);
  }

  /** Resolves after the first complete list, however long that takes. */
  get firstSync(): Promise<undefined> {
    return this.#firstList.promise;
  }

  /** Resolves when there are objects to read. Rejects with the error of the running list, after 5 s at the latest, or with the signal. */
  async waitForSync(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.isReadable) return;
    if (this.#attempt === undefined) throw this.#unreadable;
    const { promise: isLate, reject } = Promise.withResolvers<never>();
    const cancel = this.#clock.after(READ_DEADLINE_MS, () => {
      reject(this.#unreadable);
    });
    const abort = () => {
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort);
    try {
      await Promise.race([this.#attempt.promise, isLate]);
    } finally {
      cancel();
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Age of the objects, in whole seconds; undefined while in sync. */
  ageSeconds(): number | undefined {
    return this.#state.problem && Math.floor((this.#clock.now() - this.#lastSyncMs) / 1_000);
  }

  /** Why nothing was listed yet; undefined after the first complete list. */
  get notReady(): WarmpoolError | undefined {
    return this.#hasList ? undefined : this.#unreadable;
  }

  /** Why reads are stale or refused; undefined while in sync. */
  get problem(): string | undefined {
    const { problem } = this.#state;
    return (
      problem &&
      `${this.isReadable ? `Reads are ${this.ageSeconds() ?? 0} s old` : 'Reads are refused'}: ${problem.message}`
    );
  }

  /** The error to report for a write. Out of sync, the first refusals come from an API server that may have just started. */
  explain(error: unknown): unknown {
    const isForbidden = error instanceof WarmpoolError && error.code === 'KUBERNETES::FORBIDDEN';
    if (!isForbidden || this.#state.problem === undefined || !this.isReadable) return error;
    this.#forbiddenSinceMs ??= this.#clock.now();
    if (this.#clock.now() - this.#forbiddenSinceMs >= REFUSAL_MS) return error;
    const message = 'The Kubernetes API server is starting. Try again.';
    return new WarmpoolError('KUBERNETES::UNAVAILABLE', message, { cause: error.cause });
  }

  /** A list begins. */
  listing(): void {
    this.#attempt ??= Promise.withResolvers();
    // Often nobody waits for it.
    this.#attempt.promise.catch(() => undefined);
  }

  /** A list is complete. After a refusal the cache is in sync again only when a watch opens. */
  listed(): void {
    this.#hasList = true;
    this.#firstList.resolve(undefined);
    this.#lastSyncMs = this.#clock.now();
    if (this.#state.name !== 'refused') this.connected();
  }

  /** A watch has opened, or sent something. */
  connected(): void {
    if (this.#state.problem !== undefined) this.#onChange(undefined);
    this.#state = { name: 'synced' };
    this.#forbiddenSinceMs = undefined;
    this.#lastSyncMs = this.#clock.now();
    this.#attempt?.resolve(undefined);
    this.#attempt = undefined;
  }

  /** List or watch failed. @param isRefused Whether the account may read nothing: cached objects are then shown for 3 s only. */
  disconnected(problem: WarmpoolError, isRefused: boolean): void {
    if (this.#state.problem?.message !== problem.message) this.#onChange(problem);
    const lastMs = this.#clock.now();
    const sinceMs = this.#state.name === 'refused' ? this.#state.sinceMs : lastMs;
    if (isRefused) this.#state = { name: 'refused', problem, sinceMs, lastMs };
    else this.#state = { name: this.#hasList ? 'stale' : 'initial', problem };
    this.#attempt?.reject(problem);
    this.#attempt = undefined;
  }

  get #unreadable(): WarmpoolError {
    const message = 'The first list from the Kubernetes API server is not complete yet. Try again.';
    return this.#state.problem ?? new WarmpoolError('KUBERNETES::TIMEOUT', message);
  }
}
