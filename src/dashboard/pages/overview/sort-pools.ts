// The orders of the overview. Each begins with what one looks for first; what has no value is last in both directions.
import type { PoolResponse } from '../../../contract/pool.ts';
import type { PoolSummary } from '../../../contract/summary.ts';
import { URGENCY, type PoolState, type StateGroup } from '../../pool/pool-state.ts';
import { compareTexts } from './compare-texts.ts';
import type { SortKey, View } from './view.ts';

export type Sortable = {
  readonly pool: PoolResponse;
  readonly state: PoolState;
  readonly summary: PoolSummary | undefined;
};

const GROUP_ORDER: Readonly<Record<StateGroup, number>> = { failing: 0, low: 1, changing: 2, ready: 3 };

/** The more urgent, the lower: what fails, what is short of members, what changes, what is ready. */
export const urgencyOf = ({ key, group }: PoolState): number =>
  GROUP_ORDER[group] * URGENCY.length + URGENCY.indexOf(key);

/** What a key compares, lowest first; undefined where there is no value. Names are the second key of every order. */
const VALUES: Readonly<Record<Exclude<SortKey, 'name'>, (row: Sortable) => number | undefined>> = {
  state: ({ state }) => urgencyOf(state),
  capacity: ({ pool: { status, capacitySpec } }) => status && -status.total / Math.max(1, capacitySpec.poolMax),
  available: ({ pool: { status } }) => status?.available,
  claims: ({ summary }) => summary && -summary.claimsPerMinute,
  hits: ({ summary }) => summary?.hitRate,
  decision: ({ summary }) => summary?.lastDecision && -Date.parse(summary.lastDecision.at),
};

/** Whether the natural order of a key has the lowest numbers, or the first letters, at the top. */
export const IS_ASCENDING: Readonly<Record<SortKey, boolean>> = {
  state: false,
  name: true,
  capacity: false,
  available: true,
  claims: false,
  hits: true,
  decision: false,
};

/** The names in the order of a view. What is compared is computed once for each pool: there can be a thousand. */
export const sortedNames = (rows: readonly Sortable[], { sort, isReversed }: Pick<View, 'sort' | 'isReversed'>) => {
  const sign = isReversed ? -1 : 1;
  const valueOf = sort === 'name' ? () => 0 : VALUES[sort];
  const nameSign = sort === 'name' ? sign : 1;
  return rows
    .map((row) => ({ name: row.pool.name, value: valueOf(row) }))
    .sort((one, other) => {
      const byName = nameSign * compareTexts(one.name, other.name);
      if (one.value === undefined || other.value === undefined)
        return Number(one.value === undefined) - Number(other.value === undefined) || byName;
      return sign * (one.value - other.value) || byName;
    })
    .map(({ name }) => name);
};
