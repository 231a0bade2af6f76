// The history of pools: what is sampled of them, and what an overview shows of it.
import { setImmediate } from 'node:timers/promises';
import { HISTORY_COLUMNS, type HistoryColumn, type HistoryOptions, type PoolHistory } from '../../contract/history.ts';
import type { PoolSelectors } from '../../contract/list-options.ts';
import { SAMPLE_SECONDS } from '../../contract/limits.ts';
import type { PoolSummaries } from '../../contract/summary.ts';
import { CachedJson } from '../../lib/cached-json.ts';
import { RecentCache } from '../../lib/recent-cache.ts';
import { pageOf } from '../pools/pool-page.ts';
import type { ClaimPorts } from '../claims/ports.ts';
import { ClaimCounter } from './claim-counter.ts';
import { Compactor } from './compactor.ts';
import type { HistoryPorts } from './ports.ts';
import { rangeOf, type HistoryRange } from './range.ts';
import { RecentTicks, Tick } from './recent-ticks.ts';
import { SampleArchive } from './sample-archive.ts';
import { CHUNKS, keptSince } from './retention.ts';
import { Sampler } from './sampler.ts';
import { combineRow, NOTHING, noSamples, WIDTH, type Samples } from './samples.ts';
import { addUp, summarize, type Totals } from './summarize.ts';

/** Summaries kept until the next sample, each for other selectors. */
const SUMMARIES_KEPT = 16;

/** Chunks that are read in one turn of the event loop: one or two milliseconds of work. */
const CHUNKS_PER_TURN = 20;

/** What summaries are computed from until the next sample, or for 10 seconds without one. */
type Overview = {
  readonly interval: number;
  readonly newest: number | undefined;
  /** Never rejects: it reads memory only. */
  readonly totals: Promise<Totals>;
  readonly bySelectors: RecentCache<PoolSummaries>;
};

export class HistoryService {
  readonly #ports: HistoryPorts;
  readonly #ticks = new RecentTicks();
  readonly #archive: SampleArchive;
  readonly #counter = new ClaimCounter();
  readonly #sampler: Sampler;
  #overview: Overview | undefined;
  /** The last history that is being read. Never rejects. */
  #reading: Promise<unknown> = Promise.resolve();
  #hasReported = false;

  constructor(ports: HistoryPorts) {
    this.#ports = ports;
    const { samples: store, retention } = ports.history;
    const { clock } = ports;
    this.#loadTicks();
    this.#archive = new SampleArchive(store, this.#ticks, (error) => {
      this.#reportUnreadable(error);
    });
    const compactor = new Compactor({ store, ticks: this.#ticks, archive: this.#archive, retention, clock });
    this.#sampler = new Sampler({ ports, ticks: this.#ticks, counter: this.#counter, compactor });
  }

  /** An observer that counts claims for the history, and passes on what it observes. */
  counting(observer: ClaimPorts['observer']): ClaimPorts['observer'] {
    return {
      claimBound: (claim, waitSeconds) => {
        this.#counter.claimBound(claim);
        observer.claimBound(claim, waitSeconds);
      },
      claimRefused: (code, poolUid) => {
        this.#counter.claimRefused(code, poolUid);
        observer.claimRefused(code, poolUid);
      },
      claimSweepFailed: (error) => {
        observer.claimSweepFailed(error);
      },
    };
  }

  /** Errors: POOL_NOT_FOUND; REQUEST::INVALID for a range that is empty or has too many points. */
  async read(name: string, options: HistoryOptions): Promise<PoolHistory> {
    const { store, history, clock } = this.#ports;
    const range = rangeOf(options, clock.now());
    const { uid } = await store.get(name);
    // One after the other: each takes a few milliseconds of every turn of the event loop.
    const reading = this.#reading.then(() => this.#pointsOf(history.samples.numberOf(uid), range));
    this.#reading = reading.catch(() => undefined);
    const points = await reading;
    const { start, stepSeconds, count } = range;
    const time = Array.from({ length: count }, (_, index) => start + index * stepSeconds);
    const column = (name: HistoryColumn) => columnOf(points, name);
    return {
      name,
      stepSeconds,
      columns: {
        time,
        desired: column('desired'),
        available: column('available'),
        allocated: column('allocated'),
        starting: column('starting'),
        unmet: column('unmet'),
        claims: column('claims'),
        misses: column('misses'),
        waitP95Ms: column('waitP95Ms'),
        bufferMin: column('bufferMin'),
        bufferMax: column('bufferMax'),
        poolMax: column('poolMax'),
      },
    };
  }

  /** Ordered by name; the same object until the next sample. */
  async summaries(selectors: PoolSelectors): Promise<PoolSummaries> {
    const { store, history } = this.#ports;
    const { totals, bySelectors } = this.#currentOverview();
    const added = await totals;
    // Listed last: `lastDecision` would keep what it reads about a pool that was deleted meanwhile.
    const pools = await store.list();
    return bySelectors.get(JSON.stringify(selectors), () =>
      CachedJson.of({ items: summarize(pageOf(pools, selectors).pools, added, history) }),
    );
  }

  #currentOverview(): Overview {
    const { newest } = this.#ticks;
    const now = this.#ports.clock.now() / 1_000;
    const interval = Math.floor(now / SAMPLE_SECONDS);
    if (this.#overview?.interval !== interval || this.#overview.newest !== newest)
      this.#overview = {
        interval,
        newest,
        totals: addUp(this.#ticks, now),
        bySelectors: new RecentCache(SUMMARIES_KEPT),
      };
    return this.#overview;
  }

  /** Ends sampling. */
  close(): Promise<void> {
    return this.#sampler.close();
  }

  async #pointsOf(pool: number, { resolution, start, stepSeconds, count }: HistoryRange): Promise<Samples> {
    const { clock, history } = this.#ports;
    const points = noSamples(count);
    const sampleSeconds = CHUNKS[resolution].stepSeconds;
    // The requested range may be thousands of years long: only what can have samples is looked up.
    const now = clock.now() / 1_000;
    const from = Math.max(start, keptSince(resolution, history.retention, now));
    const to = Math.min(start + count * stepSeconds, now);
    let read = 0;
    for (const [chunk, samples] of this.#archive.read(resolution, pool, from, to)) {
      for (let row = 0; row < samples.length / WIDTH; row++) {
        const point = Math.floor((chunk + row * sampleSeconds - start) / stepSeconds);
        if (point >= 0 && point < count) combineRow(points, point, samples, row);
      }
      read += 1;
      if (read % CHUNKS_PER_TURN === 0) await setImmediate();
    }
    return points;
  }

  #loadTicks(): void {
    for (const { at, bytes } of this.#ports.history.samples.loadTicks())
      try {
        this.#ticks.add(Tick.decode(at, bytes));
      } catch (error) {
        this.#reportUnreadable(error);
      }
  }

  #reportUnreadable(error: unknown): void {
    if (!this.#hasReported) this.#ports.observer.historyUnreadable(error);
    this.#hasReported = true;
  }
}

const columnOf = (points: Samples, name: HistoryColumn): (number | null)[] => {
  const column = HISTORY_COLUMNS.indexOf(name);
  return Array.from({ length: points.length / WIDTH }, (_, row) => {
    const value = points[row * WIDTH + column] ?? NOTHING;
    return value === NOTHING ? null : value;
  });
};
