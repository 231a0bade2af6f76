// The sessions that were signed out at this server.

export class SignedOutSessions {
  readonly #capacity: number;
  readonly #untilMs = new Map<string, number>();

  /** @param capacity Maximum number of sessions; the one that was signed out first is forgotten first. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** @param untilMs From when on no token of the session can be valid, in epoch milliseconds. */
  add(id: string, untilMs: number, nowMs: number): void {
    if (this.#untilMs.size >= this.#capacity)
      for (const [other, otherUntilMs] of this.#untilMs) if (otherUntilMs <= nowMs) this.#untilMs.delete(other);
    this.#untilMs.set(id, untilMs);
    const [first] = this.#untilMs.keys();
    if (first !== undefined && this.#untilMs.size > this.#capacity) this.#untilMs.delete(first);
  }

  has(id: string): boolean {
    return this.#untilMs.has(id);
  }
}
