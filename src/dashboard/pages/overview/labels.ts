// The label filter: chosen values of label keys. A pool matches if, for each of the keys, it has one of the values.
import { parseLabelSelector } from '../../../contract/label-selector.ts';
import type { PoolResponse } from '../../../contract/pool.ts';
import { compareTexts } from './compare-texts.ts';

/** Chosen values by key; a key without values is absent. */
export type LabelChoice = ReadonlyMap<string, readonly string[]>;

/** A label selector, as the API has it: `env in (ci,prod),team=ml`. Other operators than these two are left out. */
export const parseLabels = (selector: string): LabelChoice => {
  try {
    const chosen = parseLabelSelector(selector).filter(({ operator }) => operator === 'In');
    return new Map(chosen.map(({ key, values }) => [key, values]));
  } catch {
    return new Map();
  }
};

export const formatLabels = (choice: LabelChoice): string =>
  [...choice]
    .map(([key, values]) => (values.length === 1 ? `${key}=${values[0] ?? ''}` : `${key} in (${values.join(',')})`))
    .join(',');

export const isChosen = (choice: LabelChoice, key: string, value: string): boolean =>
  choice.get(key)?.includes(value) === true;

export const toggleLabel = (choice: LabelChoice, key: string, value: string): LabelChoice => {
  const values = choice.get(key) ?? [];
  const rest = values.filter((other) => other !== value);
  const next = new Map(choice).set(key, rest.length < values.length ? rest : [...values, value].sort());
  if (next.get(key)?.length === 0) next.delete(key);
  return next;
};

export const matchesLabels = (choice: LabelChoice, labels: PoolResponse['labels'] = {}): boolean =>
  [...choice].every(([key, values]) => Object.hasOwn(labels, key) && values.includes(labels[key] ?? ''));

export type LabelCount = { readonly key: string; readonly value: string; readonly count: number };

/** The labels that exist, ordered by key and value, each with the number of pools that have it. */
export const countLabels = (pools: Iterable<PoolResponse>): readonly LabelCount[] => {
  const counts = new Map<string, LabelCount>();
  for (const { labels = {} } of pools)
    for (const [key, value] of Object.entries(labels)) {
      // Neither keys nor values contain "=".
      const id = `${key}=${value}`;
      counts.set(id, { key, value, count: (counts.get(id)?.count ?? 0) + 1 });
    }
  return [...counts.values()].sort(
    (one, other) => compareTexts(one.key, other.key) || compareTexts(one.value, other.value),
  );
};
