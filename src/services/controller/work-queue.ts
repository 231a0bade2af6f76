// A work queue with one place a key, as Kubernetes controllers use: a key waits at most once, is never worked on twice at
// a time, and is worked on again when it is added meanwhile. No published package has these semantics.
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../lib/clock.ts';
import { BackOff } from '../../lib/back-off.ts';
import { CONTROLLER_BACK_OFF } from './start-back-off.ts';

type WorkQueueOptions = {
  /** Brings one key's state to where it should be. When it rejects, the key is tried again, ever later. */
  readonly work: (key: string) => Promise<void>;
  /** Told of every rejection, and when the next try comes. */
  readonly onError: (key: string, error: unknown, retryMs: number) => void;
  readonly clock: Clock;
  /** Keys that are worked on at once. Default 32: one that hangs holds up nobody. */
  readonly concurrency?: number;
};

export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #concurrency: number;
  readonly #waiting = new Set<string>();
  readonly #running = new Set<string>();
  readonly #again = new Set<string>();
  readonly #backOffs = new Map<string, BackOff>();
  readonly #timers = new Map<string, { readonly atMs: number; readonly cancel: () => void }>();
  #idle: PromiseWithResolvers<undefined> | undefined;
  #isStopped = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    this.#concurrency = options.concurrency ?? 32;
  }

  add(key: string): void {
    if (this.#isStopped) return;
    if (this.#running.has(key)) {
      this.#again.add(key);
      return;
    }
    this.#waiting.add(key);
    this.#startNext();
  }

  /** Adds the key once `delayMs` have passed; of several delays of a key the earliest counts. */
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

  /** Forgets the delays and failures of a key that is no more. */
  forget(key: string): void {
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
    this.#backOffs.delete(key);
  }

  /** Resolves when nothing waits and nothing runs; delayed keys do not count. */
  async idle(): Promise<void> {
    await this.#idle?.promise;
  }

  /** Takes no more keys; resolves when the running ones are done. */
  async shutDown(): Promise<void> {
    this.#isStopped = true;
    this.#waiting.clear();
    this.#again.clear();
    for (const { cancel } of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#settle();
    await this.idle();
  }

  #startNext(): void {
    if (this.#running.size >= this.#concurrency) return;
    const [key] = this.#waiting;
    if (key === undefined) return;
    this.#idle ??= Promise.withResolvers();
    this.#waiting.delete(key);
    this.#running.add(key);
    void this.#run(key);
  }

  async #run(key: string): Promise<void> {
    // Between two keys the event loop gets a turn, so that a burst of keys does not hold up requests.
    await setImmediate();
    // The work reads what is there now: what was added until here is included.
    this.#again.delete(key);
    try {
      await this.#options.work(key);
      this.#backOffs.delete(key);
    } catch (error) {
      const backOff = this.#backOffs.get(key) ?? new BackOff(CONTROLLER_BACK_OFF);
      this.#backOffs.set(key, backOff);
      const retryMs = backOff.next();
      this.#options.onError(key, error, retryMs);
      this.addAfter(key, retryMs);
    }
    this.#running.delete(key);
    if (this.#again.delete(key)) this.#waiting.add(key);
    this.#startNext();
    this.#settle();
  }

  #settle(): void {
    if (this.#running.size > 0 || this.#waiting.size > 0) return;
    this.#idle?.resolve(undefined);
    this.#idle = undefined;
  }
}
