// The history of pools: samples every 10 seconds, and the summaries that an overview shows.
import type { HistoryOptions, PoolHistory } from '../../contract/history.ts';
import type { PoolSelectors } from '../../contract/list-options.ts';
import { SPARKLINE_POINTS, SPARKLINE_STEP_SECONDS, type PoolSummaries } from '../../contract/summary.ts';
import type { Clock } from '../../lib/clock.ts';
import { pageOf } from '../pools/pool-page.ts';
import type { PoolStore } from '../pools/ports.ts';
import { rangeOf } from './range.ts';

export type HistoryPorts = { readonly store: PoolStore; readonly clock: Clock };

export class HistoryService {
  readonly #ports: HistoryPorts;

  constructor(ports: HistoryPorts) {
    this.#ports = ports;
  }

  /** Errors: POOL_NOT_FOUND; REQUEST::INVALID for a range that is empty or has too many points. */
  async read(name: string, options: HistoryOptions): Promise<PoolHistory> {
    const { store, clock } = this.#ports;
    const range = rangeOf(options, clock.now());
    const pool = await store.get(name);
    const time = Array.from({ length: range.count }, (_, index) => range.start + index * range.stepSeconds);
    const nothing = time.map(() => null);
    const columns = { desired: nothing, available: nothing, allocated: nothing, starting: nothing };
    const counts = { unmet: nothing, claims: nothing, misses: nothing, waitP95Ms: nothing };
    return { name: pool.name, stepSeconds: range.stepSeconds, columns: { time, ...columns, ...counts } };
  }

  /** Ordered by name. */
  async summaries(selectors: PoolSelectors): Promise<PoolSummaries> {
    const { pools } = pageOf(await this.#ports.store.list(), selectors);
    return {
      items: pools.map(({ name, uid }) => ({
        name,
        uid,
        unmet: 0,
        claimsPerMinute: 0,
        available: Array<null>(SPARKLINE_POINTS).fill(null),
        availableStepSeconds: SPARKLINE_STEP_SECONDS,
      })),
    };
  }
}
