// Samples of one pool, wherever they are: in memory, and in the chunks of the store.
import { decodeMatrix, encodeMatrix } from './matrix-codec.ts';
import type { Chunk, ChunkKey, SampleStore } from './ports.ts';
import type { RecentTicks } from './recent-ticks.ts';
import { CHUNKS, chunkStart, type Resolution } from './retention.ts';
import { coarsen, noSamples, overlay, WIDTH, type Samples } from './samples.ts';

/** Fine samples of one coarse sample. */
const FACTOR = CHUNKS.coarse.stepSeconds / CHUNKS.fine.stepSeconds;

export class SampleArchive {
  readonly #store: SampleStore;
  readonly #ticks: RecentTicks;
  readonly #onUnreadable: (error: unknown) => void;

  /** @param onUnreadable Called for each chunk that cannot be read, and is treated as absent. */
  constructor(store: SampleStore, ticks: RecentTicks, onUnreadable: (error: unknown) => void) {
    this.#store = store;
    this.#ticks = ticks;
    this.#onUnreadable = onUnreadable;
  }

  /** The chunks of a pool that have a part in the range from `start` to `end`, in order; those without samples are omitted. */
  *read(resolution: Resolution, pool: number, start: number, end: number): Generator<[start: number, Samples]> {
    const { chunkSeconds } = CHUNKS[resolution];
    for (let chunk = chunkStart(resolution, start); chunk < end; chunk += chunkSeconds) {
      const samples = this.#withTicks({ resolution, start: chunk, pool });
      if (samples !== undefined) yield [chunk, samples];
    }
  }

  /** The chunks to store for a pool's samples in a block of ticks, with what is stored already. */
  compact(block: number, pool: number): Chunk[] {
    const fineKey = { resolution: 'fine', start: block, pool } as const;
    const fine = this.#withTicks(fineKey);
    if (fine === undefined) return [];
    const start = chunkStart('coarse', block);
    const coarseKey = { resolution: 'coarse', start, pool } as const;
    const coarse = this.#stored(coarseKey) ?? noSamples(CHUNKS.coarse.length);
    overlay(coarse, coarsen(fine, FACTOR), (block - start) / CHUNKS.coarse.stepSeconds);
    return [
      { ...fineKey, bytes: encodeMatrix(fine, WIDTH) },
      { ...coarseKey, bytes: encodeMatrix(coarse, WIDTH) },
    ];
  }

  /** A chunk with the samples that are still in memory. */
  #withTicks(key: ChunkKey): Samples | undefined {
    const { resolution, start, pool } = key;
    const { chunkSeconds, length, stepSeconds } = CHUNKS[resolution];
    let samples = this.#stored(key);
    for (const block of this.#ticks.blocks()) {
      if (block < start || block >= start + chunkSeconds) continue;
      const recent = this.#ticks.samples(block, pool);
      if (recent === undefined) continue;
      samples ??= noSamples(length);
      overlay(samples, resolution === 'fine' ? recent : coarsen(recent, FACTOR), (block - start) / stepSeconds);
    }
    return samples;
  }

  #stored(key: ChunkKey): Samples | undefined {
    const bytes = this.#store.getChunk(key);
    if (bytes === undefined) return undefined;
    const { length } = CHUNKS[key.resolution];
    try {
      const samples = decodeMatrix(bytes, WIDTH, length);
      if (samples.length !== length * WIDTH) throw new Error(`It has ${samples.length / WIDTH} samples of ${length}.`);
      return samples;
    } catch (error) {
      this.#onUnreadable(error);
      return undefined;
    }
  }
}
