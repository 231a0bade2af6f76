// The newest samples of all pools, in memory: from the moment they are taken until they are in chunks.
import { decodeMatrix, encodeMatrix } from './matrix-codec.ts';
import { CHUNKS, chunkStart } from './retention.ts';
import { NOTHING, noSamples, WIDTH, type Samples } from './samples.ts';

/** The sample of one pool in a tick: its number, the figures of the history, and the requests that found a free member. */
const FIGURES = 1;
const HITS = FIGURES + WIDTH;
const ROW = HITS + 1;

/** Pools of one tick; a bound for what is read from disk. */
const POOLS_MAX = 1_000_000;

/** The samples of all pools for the interval that begins at `at`, in seconds. Rows are ordered by the numbers of the pools. */
export class Tick {
  readonly at: number;
  readonly #rows: Int32Array;

  private constructor(at: number, rows: Int32Array) {
    this.at = at;
    this.#rows = rows;
  }

  /** @param samples Figures in the order of the columns, and hits, by the number of the pool; null is not known. */
  static of(at: number, samples: ReadonlyMap<number, readonly (number | null)[]>): Tick {
    const rows = new Int32Array(samples.size * ROW);
    const byNumber = [...samples].sort(([one], [other]) => one - other);
    for (const [index, [pool, figures]] of byNumber.entries())
      rows.set([pool, ...figures.map((figure) => figure ?? NOTHING)], index * ROW);
    return new Tick(at, rows);
  }

  /** Throws if the bytes are damaged. */
  static decode(at: number, bytes: Uint8Array): Tick {
    return new Tick(at, decodeMatrix(bytes, ROW, POOLS_MAX));
  }

  encode(): Uint8Array {
    return encodeMatrix(this.#rows, ROW);
  }

  /** Numbers of the pools, ascending. */
  *pools(): Generator<number> {
    for (let index = 0; index < this.#rows.length; index += ROW) yield this.#rows[index] ?? 0;
  }

  /** Calls `visit` for every pool, with the figure of a column, and the number of requests that found a free member. */
  visit(visit: (pool: number, figure: (column: number) => number, hits: number) => void): void {
    let start = 0;
    const figure = (column: number) => this.#rows[start + FIGURES + column] ?? NOTHING;
    for (; start < this.#rows.length; start += ROW)
      visit(this.#rows[start] ?? 0, figure, Math.max(0, this.#rows[start + HITS] ?? 0));
  }

  /** The figures of a pool; undefined if it was not sampled. Not a copy. */
  figures(pool: number): Samples | undefined {
    const start = this.#find(pool);
    return start === undefined ? undefined : this.#rows.subarray(start + FIGURES, start + HITS);
  }

  #find(pool: number): number | undefined {
    let low = 0;
    let high = this.#rows.length / ROW - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const number = this.#rows[middle * ROW] ?? 0;
      if (number === pool) return middle * ROW;
      if (number < pool) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }
}

/** Samples that could not be written to chunks are dropped after this many blocks, oldest first. */
const BLOCKS_MAX = 8;

/** Ticks in blocks, each of which becomes one fine chunk of every pool. */
export class RecentTicks {
  /** By the start of the block, then by the time of the tick. */
  readonly #blocks = new Map<number, Map<number, Tick>>();

  has(at: number): boolean {
    return this.#blocks.get(chunkStart('fine', at))?.has(at) ?? false;
  }

  add(tick: Tick): void {
    const start = chunkStart('fine', tick.at);
    const block = this.#blocks.get(start) ?? new Map<number, Tick>();
    this.#blocks.set(start, block.set(tick.at, tick));
    if (this.#blocks.size > BLOCKS_MAX) this.#blocks.delete(Math.min(...this.#blocks.keys()));
  }

  /** The starts of blocks, ascending. */
  blocks(): number[] {
    return [...this.#blocks.keys()].sort((one, other) => one - other);
  }

  /** Numbers of the pools in a block. */
  pools(block: number): Set<number> {
    const pools = new Set<number>();
    for (const tick of this.#blocks.get(block)?.values() ?? []) for (const pool of tick.pools()) pools.add(pool);
    return pools;
  }

  /** A pool's samples in a block; undefined without the block. */
  samples(block: number, pool: number): Samples | undefined {
    const ticks = this.#blocks.get(block);
    if (ticks === undefined) return undefined;
    const { length, stepSeconds } = CHUNKS.fine;
    const samples = noSamples(length);
    for (const [at, tick] of ticks) {
      const figures = tick.figures(pool);
      if (figures !== undefined) samples.set(figures, ((at - block) / stepSeconds) * WIDTH);
    }
    return samples;
  }

  /** Time of the newest tick; undefined without one. */
  get newest(): number | undefined {
    const newest = this.blocks().at(-1);
    return newest === undefined ? undefined : Math.max(...(this.#blocks.get(newest)?.keys() ?? []));
  }

  /** The ticks from a time on, in order. */
  *since(at: number): Generator<Tick> {
    for (const block of this.blocks())
      for (const tick of this.#blocks.get(block)?.values() ?? []) if (tick.at >= at) yield tick;
  }

  drop(block: number): void {
    this.#blocks.delete(block);
  }
}
