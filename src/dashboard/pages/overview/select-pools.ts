// Which pools a view shows, in which order.
import type { PoolResponse } from '../../../contract/pool.ts';
import type { PoolSummary } from '../../../contract/summary.ts';
import { poolState } from '../../pool/pool-state.ts';
import { matchesLabels } from './labels.ts';
import { sortedNames, type Sortable } from './sort-pools.ts';
import type { GroupFilter, View } from './view.ts';

export type Selection = {
  /** Names of the pools that the view shows, in its order. */
  readonly names: readonly string[];
  /** How many pools each state filter would show, with the other filters as they are. */
  readonly counts: Readonly<Record<GroupFilter, number>>;
};

export type SummaryOf = (pool: PoolResponse) => PoolSummary | undefined;

export const selectPools = (pools: Iterable<PoolResponse>, summaryOf: SummaryOf, view: View): Selection => {
  const counts = { all: 0, failing: 0, low: 0, changing: 0, ready: 0 };
  const matches = matcher(view.text);
  const chosen: Sortable[] = [];
  for (const pool of pools) {
    if (!matches(pool) || !matchesLabels(view.labels, pool.labels)) continue;
    const state = poolState(pool);
    counts.all += 1;
    counts[state.group] += 1;
    if (view.group === 'all' || view.group === state.group) chosen.push({ pool, state, summary: summaryOf(pool) });
  }
  return { names: sortedNames(chosen, view), counts };
};

/** Every word has to be in the name or in a label (`team=ml`). */
const matcher = (text: string): ((pool: PoolResponse) => boolean) => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ name, labels = {} }) =>
    words.every(
      (word) =>
        name.includes(word) ||
        Object.entries(labels).some(([key, value]) => `${key}=${value}`.toLowerCase().includes(word)),
    );
};
