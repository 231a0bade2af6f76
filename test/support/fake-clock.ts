// A clock that the test moves.
import type { Clock } from '../../src/lib/clock.ts';

export class FakeClock implements Clock {
  #nowMs: number;
  readonly #tasks = new Set<{ atMs: number; task: () => void }>();

  constructor(nowMs = Date.parse('2026-01-01T00:00:00Z')) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  after(delayMs: number, task: () => void): () => void {
    const entry = { atMs: this.#nowMs + Math.max(0, delayMs), task };
    this.#tasks.add(entry);
    return () => this.#tasks.delete(entry);
  }

  /** When the next task is due; undefined when there is none. */
  get nextAtMs(): number | undefined {
    return this.#tasks.size === 0 ? undefined : Math.min(...[...this.#tasks].map(({ atMs }) => atMs));
  }

  /** Moves to `atMs` and runs what is due then, in order. */
  moveTo(atMs: number): void {
    for (let due = this.#earliest(atMs); due !== undefined; due = this.#earliest(atMs)) {
      this.#tasks.delete(due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.task();
    }
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }

  #earliest(atMs: number) {
    return [...this.#tasks].filter((entry) => entry.atMs <= atMs).sort((one, other) => one.atMs - other.atMs)[0];
  }
}
