// A work queue with one place per key, as Kubernetes controllers use: a key is queued at most once, is never processed twice
// at the same time, and is processed again if it is added meanwhile. No published package has these semantics.
import { setImmediate } from 'node:timers/promises';
import { BackOff, type BackOffBounds } from '../../lib/back-off.ts';
import type { Clock } from '../../lib/clock.ts';

type WorkQueueOptions = {
  /** Brings one key to its desired state. When it rejects, the key is retried after a back-off. */
  readonly work: (key: string) => Promise<void>;
  /** Called for every rejection with the wait before the next attempt. */
  readonly onError: (key: string, error: unknown, retryMs: number) => void;
  readonly backOff: BackOffBounds;
  readonly clock: Clock;
  /** Maximum number of keys that are processed at once. Default 32: one that hangs does not delay the others. */
  readonly concurrency?: number;
};

export class WorkQueue {
  readonly #options: Required<WorkQueueOptions>;
  /** Keys to process; one that is added while it is running stays here until its run has ended. */
  readonly #waiting = new Set<string>();
  readonly #running = new Set<string>();
  readonly #backOffs = new Map<string, BackOff>();
  readonly #timers = new Map<string, { readonly atMs: number; readonly cancel: () => void }>();
  #idle: PromiseWithResolvers<undefined> | undefined;
  #isStopped = false;

  constructor(options: WorkQueueOptions) {
    this.#options = { concurrency: 32, ...options };
  }

  add(key: string): void {
    if (this.#isStopped) return;
    this.#waiting.add(key);
    this.#startNext();
  }

  /** Adds the key once `delayMs` have passed; of several delays of one key the earliest applies. */
  addAfter(key: string, delayMs: number): void {
    if (this.#isStopped) return;
    const atMs = this.#options.clock.now() + delayMs;
    const pending = this.#timers.get(key);
    if (pending !== undefined && pending.atMs <= atMs) return;
    pending?.cancel();
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#timers.delete(key);
      this.add(key);
    });
    this.#timers.set(key, { atMs, cancel });
  }

  /** Drops the delay and the failures of a key that no longer exists. */
  forget(key: string): void {
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
    this.#backOffs.delete(key);
  }

  /** Resolves when no key is waiting or being processed; delayed keys are ignored. */
  async idle(): Promise<void> {
    await this.#idle?.promise;
  }

  /** Accepts no more keys; resolves when the running ones are done. */
  async shutDown(): Promise<void> {
    this.#isStopped = true;
    this.#waiting.clear();
    for (const { cancel } of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#settle();
    await this.idle();
  }

  #startNext(): void {
    if (this.#running.size >= this.#options.concurrency) return;
    const key = this.#waiting.values().find((waiting) => !this.#running.has(waiting));
    if (key === undefined) return;
    this.#idle ??= Promise.withResolvers();
    this.#waiting.delete(key);
    this.#running.add(key);
    void this.#run(key);
  }

  async #run(key: string): Promise<void> {
    // The event loop gets a turn between two keys, so that a burst of keys does not delay requests.
    await setImmediate();
    // The work reads the current state, which includes everything that was added until here.
    this.#waiting.delete(key);
    try {
      await this.#options.work(key);
      this.#backOffs.delete(key);
    } catch (error) {
      const backOff = this.#backOffs.get(key) ?? new BackOff(this.#options.backOff);
      this.#backOffs.set(key, backOff);
      const retryMs = backOff.next();
      this.#options.onError(key, error, retryMs);
      this.addAfter(key, retryMs);
    }
    this.#running.delete(key);
    this.#startNext();
    this.#settle();
  }

  #settle(): void {
    if (this.#running.size > 0 || this.#waiting.size > 0) return;
    this.#idle?.resolve(undefined);
    this.#idle = undefined;
  }
}
