// Moves samples from ticks into chunks, a few pools at a time: no request waits for it for long.
import type { Clock } from '../../lib/clock.ts';
import type { SampleStore } from './ports.ts';
import type { RecentTicks } from './recent-ticks.ts';
import { CHUNKS, keptSince, type Resolution, type Retention } from './retention.ts';
import type { SampleArchive } from './sample-archive.ts';

type CompactorOptions = {
  readonly store: SampleStore;
  readonly ticks: RecentTicks;
  readonly archive: SampleArchive;
  readonly retention: Retention;
  readonly clock: Clock;
};

/** About a millisecond of work. */
const POOLS_PER_STEP = 2;
/** 18 000 pools take half of the time until the next block. */
const PAUSE_MS = 100;

const RESOLUTIONS: readonly Resolution[] = ['fine', 'coarse'];

export class Compactor {
  readonly #options: CompactorOptions;
  #running: Promise<void> | undefined;
  #isClosed = false;
  #wake: () => void = () => undefined;

  constructor(options: CompactorOptions) {
    this.#options = options;
  }

  /** Begins to move the blocks that are old enough, unless that has begun. Rejects with what the store throws; the rest stays in memory. */
  async run(): Promise<void> {
    if (this.#running !== undefined) return;
    try {
      await (this.#running = this.#compact());
    } finally {
      this.#running = undefined;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    await this.#running?.catch(() => undefined);
  }

  async #compact(): Promise<void> {
    const { store, ticks, retention, clock } = this.#options;
    for (const block of ticks.blocks()) {
      // One complete block stays: summaries cover the last 30 minutes.
      if (block + 2 * CHUNKS.fine.chunkSeconds > clock.now() / 1_000) continue;
      await this.#compactBlock(block);
      if (this.#isClosed) return;
    }
    // At most one start at a time: a clock that is ahead for a moment must not cost the whole history.
    for (const resolution of RESOLUTIONS)
      await store.removeOldest(resolution, keptSince(resolution, retention, clock.now() / 1_000));
  }

  async #compactBlock(block: number): Promise<void> {
    const { store, ticks, archive } = this.#options;
    const pools = [...ticks.pools(block)];
    for (let first = 0; first < pools.length; first += POOLS_PER_STEP) {
      // A pool may be deleted meanwhile.
      const step = pools.slice(first, first + POOLS_PER_STEP).filter((pool) => store.hasNumber(pool));
      await store.putChunks(step.flatMap((pool) => archive.compact(block, pool)));
      await this.#pause();
      if (this.#isClosed) return;
    }
    ticks.drop(block);
    await store.removeTicks(block + CHUNKS.fine.chunkSeconds);
  }

  #pause(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(PAUSE_MS, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
