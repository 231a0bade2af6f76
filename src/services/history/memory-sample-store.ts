// Keeps chunks in memory, for runtimes whose history ends with the process.
import { PoolNumbers } from './pool-numbers.ts';
import type { Chunk, ChunkKey, SampleStore } from './ports.ts';
import type { Resolution } from './retention.ts';

export class MemorySampleStore implements SampleStore {
  readonly #numbers = new PoolNumbers();
  /** By their start, then by the number of the pool. */
  readonly #chunks: Readonly<Record<Resolution, Map<number, Map<number, Uint8Array>>>> = {
    fine: new Map(),
    coarse: new Map(),
  };

  pools(): Iterable<string> {
    return this.#numbers.uids();
  }

  hasNumber(number: number): boolean {
    return this.#numbers.isInUse(number);
  }

  numberOf(poolUid: string): number {
    return this.#numbers.find(poolUid) ?? this.#numbers.add(poolUid);
  }

  async forget(poolUid: string): Promise<void> {
    const number = this.#numbers.find(poolUid);
    if (number === undefined) return;
    this.#numbers.remove(poolUid);
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
