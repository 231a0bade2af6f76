// Batches that several readers are about to ask for, so that they are made once. A few of them, whatever readers there are.
import type { Batch } from './channel.ts';

const KEPT_MAX = 64;

export class BatchCache<Value extends { readonly batch: Batch }> {
  readonly #kept = new Map<string, Value>();

  /** What is kept under the key, or else made. The oldest goes when there are too many. */
  get(key: string, make: () => Value): Value {
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const value = make();
    this.#kept.set(key, value);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_MAX) break;
      this.#kept.delete(oldest);
    }
    return value;
  }
}
