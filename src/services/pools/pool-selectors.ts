// Which pools selectors match.
import { asInteger, parseLabelSelector, type Requirement } from '../../contract/label-selector.ts';
import type { PoolSelectors } from '../../contract/list-options.ts';
import type { Pool } from './pool.ts';

/** The fields that selectors match. */
export type Selectable = { readonly name: string; readonly labels: Readonly<Record<string, string>> };

export const selectableOf = ({ name, specification: { labels } }: Pool): Selectable => ({ name, labels });

/** Whether the selectors match a pool. */
export type PoolSelector = (pool: Selectable) => boolean;

/** Undefined when the selectors match every pool. */
export const compileSelectors = ({ labelSelector = '', namePrefix = '' }: PoolSelectors): PoolSelector | undefined => {
  const requirements = parseLabelSelector(labelSelector);
  if (requirements.length === 0 && namePrefix === '') return undefined;
  return ({ name, labels }) =>
    name.startsWith(namePrefix) && requirements.every((requirement) => isSatisfied(requirement, labels));
};

const isSatisfied = ({ key, operator, values }: Requirement, labels: Selectable['labels']): boolean => {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return compares(value, values[0], (integer, bound) => integer > bound);
    case 'Lt':
      return compares(value, values[0], (integer, bound) => integer < bound);
  }
};

/** False unless both are integers. */
const compares = (value = '', bound = '', isInOrder: (integer: bigint, bound: bigint) => boolean): boolean => {
  const [one, other] = [asInteger(value), asInteger(bound)];
  return one !== undefined && other !== undefined && isInOrder(one, other);
};
