// Takes one sample of every pool every 10 seconds.
import { HISTORY_COLUMNS, type HistoryColumn } from '../../contract/history.ts';
import { SAMPLE_SECONDS } from '../../contract/limits.ts';
import type { Pool } from '../pools/pool.ts';
import type { ClaimCounter, ClaimCounts } from './claim-counter.ts';
import type { Compactor } from './compactor.ts';
import type { HistoryPorts } from './ports.ts';
import { Tick, type RecentTicks } from './recent-ticks.ts';

type SamplerOptions = {
  readonly ports: HistoryPorts;
  readonly ticks: RecentTicks;
  readonly counter: ClaimCounter;
  readonly compactor: Compactor;
};

const INTERVAL_MS = SAMPLE_SECONDS * 1_000;

const NO_CLAIMS: ClaimCounts = { claims: 0, hits: 0, misses: 0, waitP95Ms: undefined };

export class Sampler {
  readonly #options: SamplerOptions;
  #cancel: () => void = () => undefined;
  #isFailing = false;
  #sampling: Promise<void> = Promise.resolve();

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#schedule();
  }

  /** Resolves when nothing is written any more. */
  async close(): Promise<void> {
    this.#cancel();
    await this.#options.compactor.close();
    await this.#sampling;
  }

  /** At the next multiple of 10 seconds, which ends the interval that is sampled. */
  #schedule(): void {
    const { clock } = this.#options.ports;
    this.#cancel = clock.after(INTERVAL_MS - (clock.now() % INTERVAL_MS), () => {
      this.#sampling = this.#sample(Math.floor(clock.now() / INTERVAL_MS - 1) * SAMPLE_SECONDS);
      this.#schedule();
    });
  }

  /** @param at Start of the interval that has ended, in seconds. A clock that is set back does not sample it again. */
  async #sample(at: number): Promise<void> {
    const { ports, ticks, compactor } = this.#options;
    const { store, history, observer } = ports;
    // A store that cannot be read is a gap.
    const pools = history.isCurrent() && !ticks.has(at) ? await store.list().catch(() => undefined) : undefined;
    if (pools === undefined) return;
    try {
      const tick = this.#take(at, pools);
      ticks.add(tick);
      await this.#forgetDeleted(pools);
      await history.samples.addTick(at, () => tick.encode());
      await compactor.run();
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) observer.historyNotWritten(error);
      this.#isFailing = true;
    }
  }

  #take(at: number, pools: readonly Pool[]): Tick {
    const { counter, ports } = this.#options;
    const { claims, history } = ports;
    const counts = counter.take();
    const samples = new Map<number, readonly (number | null)[]>();
    for (const pool of pools) {
      const { claims: bound, hits, misses, waitP95Ms = null } = counts.get(pool.uid) ?? NO_CLAIMS;
      const counted = claims.refusal === undefined ? { claims: bound, misses, waitP95Ms } : NOT_COUNTED;
      const sample: Record<HistoryColumn, number | null> = {
        ...history.gauges(pool),
        ...counted,
        ...pool.specification.capacitySpec,
      };
      samples.set(history.samples.numberOf(pool.uid), [...HISTORY_COLUMNS.map((column) => sample[column]), hits]);
    }
    return Tick.of(at, samples);
  }

  async #forgetDeleted(pools: readonly Pool[]): Promise<void> {
    const { history } = this.#options.ports;
    const present = new Set(pools.map(({ uid }) => uid));
    for (const uid of [...history.samples.pools()]) if (!present.has(uid)) await history.samples.forget(uid);
  }
}

const NOT_COUNTED = { claims: null, misses: null, waitP95Ms: null };
