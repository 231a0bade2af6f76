// Keeps chunks in memory, for runtimes whose history ends with the process.
import type { Chunk, ChunkKey, SampleStore } from './ports.ts';
import type { Resolution } from './retention.ts';

export class MemorySampleStore implements SampleStore {
  readonly #numbers = new Map<string, number>();
  readonly #inUse = new Set<number>();
  #newest = 0;
  /** By their start, then by the number of the pool. */
  readonly #chunks: Readonly<Record<Resolution, Map<number, Map<number, Uint8Array>>>> = {
    fine: new Map(),
    coarse: new Map(),
  };

  pools(): Iterable<string> {
    return this.#numbers.keys();
  }

  hasNumber(number: number): boolean {
    return this.#inUse.has(number);
  }

  numberOf(poolUid: string): number {
    const known = this.#numbers.get(poolUid);
    if (known !== undefined) return known;
    this.#newest += 1;
    this.#numbers.set(poolUid, this.#newest);
    this.#inUse.add(this.#newest);
    return this.#newest;
  }

  async forget(poolUid: string): Promise<void> {
    const number = this.#numbers.get(poolUid);
    if (number === undefined) return;
    this.#numbers.delete(poolUid);
    this.#inUse.delete(number);
    for (const byStart of Object.values(this.#chunks)) for (const chunks of byStart.values()) chunks.delete(number);
  }

  loadTicks(): [] {
    return [];
  }

  async addTick(): Promise<void> {
    // Those of this process are in memory.
  }

  async removeTicks(): Promise<void> {
    // As above.
  }

  getChunk({ resolution, start, pool }: ChunkKey): Uint8Array | undefined {
    return this.#chunks[resolution].get(start)?.get(pool);
  }

  async putChunks(chunks: readonly Chunk[]): Promise<void> {
    for (const { resolution, start, pool, bytes } of chunks) {
      const byStart = this.#chunks[resolution];
      byStart.set(start, (byStart.get(start) ?? new Map<number, Uint8Array>()).set(pool, bytes));
    }
  }

  async removeOldest(resolution: Resolution, before: number): Promise<boolean> {
    const byStart = this.#chunks[resolution];
    const oldest = Math.min(...byStart.keys());
    return oldest < before && byStart.delete(oldest);
  }
}
