// What an overview shows of every pool, from the samples of the last 30 minutes.
import { setImmediate } from 'node:timers/promises';
import { HISTORY_COLUMNS, type HistoryColumn } from '../../contract/history.ts';
import { SAMPLE_SECONDS } from '../../contract/limits.ts';
import { SPARKLINE_POINTS, SPARKLINE_STEP_SECONDS, type PoolSummary } from '../../contract/summary.ts';
import type { Pool } from '../pools/pool.ts';
import type { HistorySource } from './ports.ts';
import type { RecentTicks } from './recent-ticks.ts';
import { NOTHING } from './samples.ts';

/** `claimsPerMinute` is the average of this time. */
const RATE_SECONDS = 5 * 60;

/** Ticks that are added up in one turn of the event loop: of 1 000 pools, about a millisecond of work. */
const TICKS_PER_TURN = 30;

/** What the samples of one pool add up to. */
class PoolTotals {
  unmet = 0;
  hits = 0;
  misses = 0;
  /** Of the last 5 minutes. */
  claims = 0;
  ticks = 0;
  readonly available = new Int32Array(SPARKLINE_POINTS).fill(NOTHING);
}

const columnOf = (column: HistoryColumn): number => HISTORY_COLUMNS.indexOf(column);
const AVAILABLE = columnOf('available');
const UNMET = columnOf('unmet');
const CLAIMS = columnOf('claims');
const MISSES = columnOf('misses');

/** What the samples of all pools add up to, by the number of the pool. */
export type Totals = ReadonlyMap<number, PoolTotals>;

/** The summaries of pools, in their order. */
export const summarize = (
  pools: readonly Pool[],
  totals: Totals,
  { samples, lastDecision }: Pick<HistorySource, 'samples' | 'lastDecision'>,
): PoolSummary[] =>
  pools.map(({ name, uid }) => {
    const decision = lastDecision(uid);
    const { unmet, hits, misses, ...of } = totals.get(samples.numberOf(uid)) ?? new PoolTotals();
    const requests = hits + misses;
    return {
      name,
      uid,
      unmet,
      claimsPerMinute: rounded(of.claims / Math.max(1, (of.ticks * SAMPLE_SECONDS) / 60), 2),
      ...(requests > 0 && { hitRate: rounded(hits / requests, 4) }),
      available: Array.from(of.available, (value) => (value === NOTHING ? null : value)),
      availableStepSeconds: SPARKLINE_STEP_SECONDS,
      ...(decision && { lastDecision: decision }),
    };
  });

/**
 * Adds up the samples of the last 30 minutes. Other work of the server goes on meanwhile.
 * Steps begin at multiples of their length, so that a minimum does not move between them.
 * @param now In seconds since 1970-01-01 UTC.
 */
export const addUp = async (ticks: RecentTicks, now: number): Promise<Totals> => {
  const end = Math.ceil(now / SPARKLINE_STEP_SECONDS) * SPARKLINE_STEP_SECONDS;
  const start = end - SPARKLINE_POINTS * SPARKLINE_STEP_SECONDS;
  const totals = new Map<number, PoolTotals>();
  let added = 0;
  for (const tick of ticks.since(start)) {
    added += 1;
    if (added % TICKS_PER_TURN === 0) await setImmediate();
    const step = Math.floor((tick.at - start) / SPARKLINE_STEP_SECONDS);
    const isRate = tick.at >= now - RATE_SECONDS - SAMPLE_SECONDS;
    tick.visit((pool, figure, hits) => {
      let total = totals.get(pool);
      if (total === undefined) totals.set(pool, (total = new PoolTotals()));
      total.unmet = Math.max(0, figure(UNMET));
      total.hits += hits;
      total.misses += Math.max(0, figure(MISSES));
      if (isRate) {
        total.ticks += 1;
        total.claims += Math.max(0, figure(CLAIMS));
      }
      const available = figure(AVAILABLE);
      const least = total.available[step] ?? NOTHING;
      if (available !== NOTHING && (least === NOTHING || available < least)) total.available[step] = available;
    });
  }
  return totals;
};

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
