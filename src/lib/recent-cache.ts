// Keeps what was made last, for those who are about to ask for the same.

export class RecentCache<Value> {
  readonly #capacity: number;
  readonly #kept = new Map<string, Value>();

  /** @param capacity How many values are kept; the oldest goes first. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** What is kept under the key, or else made. */
  get(key: string, make: () => Value): Value {
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const value = make();
    this.#kept.set(key, value);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#capacity) break;
      this.#kept.delete(oldest);
    }
    return value;
  }
}
