// A cache of the newest values, for callers that are about to ask for the same ones.

export class RecentCache<Value> {
  readonly #capacity: number;
  readonly #values = new Map<string, Value>();

  /** @param capacity Maximum number of values; the oldest is dropped first. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The cached value of the key; computed and cached if there is none. */
  get(key: string, compute: () => Value): Value {
    const cached = this.#values.get(key);
    if (cached !== undefined) return cached;
    const value = compute();
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (oldest !== undefined && this.#values.size > this.#capacity) this.#values.delete(oldest);
    return value;
  }
}
