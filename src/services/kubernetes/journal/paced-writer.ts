// Writes what waits, one key after the other, at a bounded rate: the key that has waited longest first. After a failure
// everything waits for a back-off.
import { BackOff } from '../../../lib/back-off.ts';
import type { Clock } from '../../../lib/clock.ts';
import { WarmpoolError } from '../../warmpool-error.ts';

type PacedWriterOptions = {
  /** Writes what waits for the key. Returns false if something still waits: the key is then called again, after all others. */
  readonly write: (key: string, signal: AbortSignal) => Promise<boolean>;
  /** Pause after a write, in milliseconds. */
  readonly pauseMs: number;
  readonly clock: Clock;
};

const BACK_OFF = { firstMs: 1_000, longestMs: 30_000 };
/** Of one write, in milliseconds. */
const DEADLINE_MS = 5_000;
/** Writes at once while closing. */
const LAST_WRITES = 8;

export class PacedWriter {
  readonly #options: PacedWriterOptions;
  readonly #backOff = new BackOff(BACK_OFF);
  readonly #stop = new AbortController();
  /** A key that is added again keeps its place. */
  readonly #waiting = new Set<string>();
  #failure: { readonly key: string; readonly message: string } | undefined;
  #running: Promise<void> | undefined;
  #cancelPause: (() => void) | undefined;
  #isClosed = false;

  constructor(options: PacedWriterOptions) {
    this.#options = options;
  }

  /** Why the last write that failed did so, until its key is written or forgotten. */
  get problem(): string | undefined {
    return this.#failure?.message;
  }

  /** Returns before anything is written. After `close` it does nothing. */
  add(key: string): void {
    if (this.#isClosed) return;
    this.#waiting.add(key);
    if (this.#running === undefined) this.#pause(0);
  }

  forget(key: string): void {
    this.#waiting.delete(key);
    if (this.#failure?.key === key) this.#failure = undefined;
  }

  /** Writes what waits, without pauses and without attempts after a failure. What is not written within `withinMs` is lost. */
  async close(withinMs: number): Promise<void> {
    this.#isClosed = true;
    this.#cancelPause?.();
    const cancel = this.#options.clock.after(withinMs, () => {
      this.#stop.abort();
    });
    await this.#running;
    await Promise.all(Array.from({ length: LAST_WRITES }, () => this.#writeAll()));
    cancel();
  }

  /** A pause that has begun is neither shortened nor prolonged. */
  #pause(pauseMs: number): void {
    this.#cancelPause ??= this.#options.clock.after(pauseMs, () => {
      this.#cancelPause = undefined;
      const [key] = this.#waiting;
      if (key !== undefined) this.#running = this.#writeAndPause(key);
    });
  }

  async #writeAndPause(key: string): Promise<void> {
    const pauseMs = await this.#write(key);
    this.#running = undefined;
    if (!this.#isClosed) this.#pause(pauseMs);
  }

  async #writeAll(): Promise<void> {
    for (;;) {
      const [key] = this.#waiting;
      if (key === undefined || this.#stop.signal.aborted) return;
      await this.#write(key);
    }
  }

  /** Returns the pause before the next write, in milliseconds. */
  async #write(key: string): Promise<number> {
    const { write, pauseMs, clock } = this.#options;
    const deadline = new AbortController();
    const cancel = clock.after(DEADLINE_MS, () => {
      deadline.abort();
    });
    this.#waiting.delete(key);
    try {
      const isDone = await write(key, AbortSignal.any([deadline.signal, this.#stop.signal]));
      if (!isDone) this.#waiting.add(key);
      if (this.#failure?.key === key) this.#failure = undefined;
      this.#backOff.reset();
      return pauseMs;
    } catch (error) {
      if (!this.#isClosed) this.#waiting.add(key);
      this.#failure = { key, message: error instanceof Error ? error.message : String(error) };
      const retryAfterSeconds = error instanceof WarmpoolError ? (error.retryAfterSeconds ?? 0) : 0;
      return Math.max(this.#backOff.next(), retryAfterSeconds * 1_000);
    } finally {
      cancel();
    }
  }
}
