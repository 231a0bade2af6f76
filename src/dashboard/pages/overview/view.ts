// What the overview shows of the pools, as its URL says it: a link shows the same view.
import type { StateGroup } from '../../pool/pool-state.ts';
import { formatLabels, parseLabels, type LabelChoice } from './labels.ts';

export const SORT_KEYS = ['state', 'name', 'capacity', 'available', 'claims', 'hits', 'decision'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

const GROUPS = ['all', 'failing', 'low', 'changing', 'ready'] as const satisfies readonly (StateGroup | 'all')[];
export type GroupFilter = (typeof GROUPS)[number];

export type View = {
  /** Words that are in the name or in a label, in any order. */
  readonly text: string;
  readonly group: GroupFilter;
  readonly labels: LabelChoice;
  readonly sort: SortKey;
  /** Against the order that is natural for the key. */
  readonly isReversed: boolean;
};

export const parseView = (params: URLSearchParams): View => {
  const sort = params.get('sort') ?? '';
  const name = sort.replace(/^-/, '');
  const key = SORT_KEYS.find((known) => known === name);
  return {
    text: params.get('q') ?? '',
    group: GROUPS.find((known) => known === params.get('state')) ?? 'all',
    labels: parseLabels(params.get('label') ?? ''),
    sort: key ?? 'state',
    isReversed: key !== undefined && sort.startsWith('-'),
  };
};

/** Defaults are left out. */
export const formatView = ({ text, group, labels, sort, isReversed }: View): URLSearchParams => {
  const params = new URLSearchParams();
  if (text !== '') params.set('q', text);
  if (group !== 'all') params.set('state', group);
  if (labels.size > 0) params.set('label', formatLabels(labels));
  if (sort !== 'state' || isReversed) params.set('sort', `${isReversed ? '-' : ''}${sort}`);
  return params;
};

/** The same order, and every pool. */
export const withoutFilters = (view: View): View => ({ ...view, text: '', group: 'all', labels: new Map() });
