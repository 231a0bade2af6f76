// The last changes of pools, numbered, so that readers who fell behind or were cut off can go on where they stopped.
import type { Selectable } from '../pools/pool-selectors.ts';

export type LoggedChange = {
  readonly uid: string;
  /** What selectors saw of the pool before the change; undefined where it was new. */
  readonly before: Selectable | undefined;
  /** Set when the change deleted the pool: the version that it is gone since. */
  readonly goneSince?: { readonly name: string; readonly resourceVersion: string };
};

export class ChangeLog {
  readonly #capacity: number;
  #changes: LoggedChange[] = [];
  /** Number of the oldest change that is remembered. Numbers below are never given: 0 and 1 stand for no change. */
  #first = 2;

  /** @param capacity How many changes are remembered at least; at most a tenth more. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Number of the newest change. */
  get head(): number {
    return this.#first + this.#changes.length - 1;
  }

  append(change: LoggedChange): void {
    this.#changes.push(change);
    const tooMany = this.#changes.length - this.#capacity;
    if (tooMany <= this.#capacity / 10) return;
    this.#changes = this.#changes.slice(tooMany);
    this.#first += tooMany;
  }

  /** Whether everything that came after this number is remembered. */
  reaches(number: number): boolean {
    return number >= this.#first - 1 && number <= this.head;
  }

  /** The changes after a number that the log reaches, up to another one; each with its own number. */
  *between(after: number, upTo: number): Generator<readonly [number, LoggedChange]> {
    for (let number = after + 1; number <= upTo; number++) {
      const change = this.#changes[number - this.#first];
      if (change !== undefined) yield [number, change];
    }
  }
}
