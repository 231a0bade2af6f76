// The number that a pool has in stored samples, for as long as it exists. No number is given out twice.
export class PoolNumbers {
  readonly #byUid: Map<string, number>;
  readonly #inUse: Set<number>;
  #newest: number;

  /** @param newest The highest number that was ever given out, also to pools that are deleted. */
  constructor(stored: Iterable<readonly [uid: string, number: number]> = [], newest = 0) {
    this.#byUid = new Map(stored);
    this.#inUse = new Set(this.#byUid.values());
    this.#newest = newest;
  }

  uids(): Iterable<string> {
    return this.#byUid.keys();
  }

  isInUse(number: number): boolean {
    return this.#inUse.has(number);
  }

  /** Undefined for a pool that has none. */
  find(poolUid: string): number | undefined {
    return this.#byUid.get(poolUid);
  }

  add(poolUid: string): number {
    this.#newest += 1;
    this.#byUid.set(poolUid, this.#newest);
    this.#inUse.add(this.#newest);
    return this.#newest;
  }

  remove(poolUid: string): void {
    const number = this.#byUid.get(poolUid);
    if (number === undefined) return;
    this.#byUid.delete(poolUid);
    this.#inUse.delete(number);
  }
}
