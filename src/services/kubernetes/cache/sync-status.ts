// Whether a cache is in sync with the API server, and what its readers get while it is not.
import type { Clock } from '../../../lib/clock.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { isForbidden } from '../connection/api-error.ts';

/** How long reads are served and writes may be repeated after a refusal: an API server that has just started responds with 403 and 404 until it has read its roles and CRDs. */
const REFUSAL_MS = 3_000;
/** How long a read waits for the running list. */
const READ_DEADLINE_MS = 5_000;

type State =
  /** Nothing was ever listed. */
  | { readonly name: 'initial'; readonly problem?: WarmpoolError; readonly lastSyncMs?: undefined }
  | { readonly name: 'synced'; readonly problem?: undefined; readonly lastSyncMs: number }
  /** List or watch failed: the objects are as of the last sync. */
  | (Loss & { readonly name: 'stale'; readonly lastSyncMs: number })
  /** The account may not list or watch. Ends when a watch opens: a list may succeed in between. */
  | (Loss & {
      readonly name: 'refused';
      /** Undefined if nothing was ever listed. */
      readonly lastSyncMs: number | undefined;
      readonly sinceMs: number;
      readonly lastMs: number;
    });

type Loss = {
  readonly problem: WarmpoolError;
  /** When the first write was forbidden since the last sync. */
  readonly forbiddenSinceMs: number | undefined;
};

export class SyncStatus {
  readonly #clock: Clock;
  readonly #onChange: (problem: WarmpoolError | undefined) => void;
  readonly #firstList = Promise.withResolvers<undefined>();
  #state: State = { name: 'initial' };
  /** Settles with the running list; undefined while none runs. */
  #attempt: PromiseWithResolvers<undefined> | undefined;

  /** @param onChange Receives why the sync was lost, once for each reason, and undefined when it is back. */
  constructor(clock: Clock, onChange: (problem: WarmpoolError | undefined) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /** Whether there are objects to read, current or not. */
  get isReadable(): boolean {
    const state = this.#state;
    return state.lastSyncMs !== undefined && (state.name !== 'refused' || state.lastMs - state.sinceMs < REFUSAL_MS);
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

  /** Age of the objects, in whole seconds; undefined while in sync, and before the first list. */
  ageSeconds(): number | undefined {
    const { problem, lastSyncMs } = this.#state;
    if (problem === undefined || lastSyncMs === undefined) return undefined;
    return Math.floor((this.#clock.now() - lastSyncMs) / 1_000);
  }

  /** Why nothing was listed yet; undefined after the first complete list. */
  get notReady(): WarmpoolError | undefined {
    return this.#state.lastSyncMs === undefined ? this.#unreadable : undefined;
  }

  /** The missing permission because of which nothing was listed yet. */
  get forbidden(): WarmpoolError | undefined {
    return isForbidden(this.notReady) ? this.notReady : undefined;
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
    const state = this.#state;
    if (!isForbidden(error) || state.name === 'initial' || state.name === 'synced' || !this.isReadable) return error;
    const nowMs = this.#clock.now();
    const { forbiddenSinceMs = nowMs } = state;
    this.#state = { ...state, forbiddenSinceMs };
    if (nowMs - forbiddenSinceMs >= REFUSAL_MS) return error;
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
    this.#firstList.resolve(undefined);
    if (this.#state.name === 'refused') this.#state = { ...this.#state, lastSyncMs: this.#clock.now() };
    else this.connected();
  }

  /** A watch has opened, or sent something. */
  connected(): void {
    if (this.#state.problem !== undefined) this.#onChange(undefined);
    this.#state = { name: 'synced', lastSyncMs: this.#clock.now() };
    this.#attempt?.resolve(undefined);
    this.#attempt = undefined;
  }

  /** List or watch failed. @param isRefused Whether the account may read nothing: cached objects are then shown for 3 s only. */
  disconnected(problem: WarmpoolError, isRefused: boolean): void {
    const state = this.#state;
    if (state.problem?.message !== problem.message) this.#onChange(problem);
    const { lastSyncMs } = state;
    const forbiddenSinceMs = 'forbiddenSinceMs' in state ? state.forbiddenSinceMs : undefined;
    if (isRefused) {
      const lastMs = this.#clock.now();
      const sinceMs = state.name === 'refused' ? state.sinceMs : lastMs;
      this.#state = { name: 'refused', problem, lastSyncMs, forbiddenSinceMs, sinceMs, lastMs };
    } else if (lastSyncMs === undefined) this.#state = { name: 'initial', problem };
    else this.#state = { name: 'stale', problem, lastSyncMs, forbiddenSinceMs };
    this.#attempt?.reject(problem);
    this.#attempt = undefined;
  }

  get #unreadable(): WarmpoolError {
    const message = 'The first list from the Kubernetes API server is not complete yet. Try again.';
    return this.#state.problem ?? new WarmpoolError('KUBERNETES::TIMEOUT', message);
  }
}
