// Lists of pools: narrowed by selectors, and cut into pages that stay right while pools come and go.
import { createHash } from 'node:crypto';
import { asInteger, parseLabelSelector, type Requirement } from '../../contract/label-selector.ts';
import type { Page, PoolSelectors } from '../../contract/list-options.ts';
import { invalidRequest } from '../warmpool-error.ts';
import type { Pool } from './pool.ts';

export type PoolPage = {
  readonly pools: readonly Pool[];
  /** Present when there is more to come. */
  readonly more?: { readonly token: string; readonly count: number };
};

const fits = ({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean => {
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

/** What selectors look at. */
export type Selectable = { readonly name: string; readonly labels: Readonly<Record<string, string>> };

/** What is no integer compares with nothing. */
const compares = (value = '', bound = '', holds: (integer: bigint, bound: bigint) => boolean): boolean => {
  const [one, other] = [asInteger(value), asInteger(bound)];
  return one !== undefined && other !== undefined && holds(one, other);
};

/** Whether a pool is meant; undefined: every pool is. */
export const selects = ({
  labelSelector = '',
  namePrefix = '',
}: PoolSelectors): ((pool: Selectable) => boolean) | undefined => {
  const requirements = parseLabelSelector(labelSelector);
  if (requirements.length === 0 && namePrefix === '') return undefined;
  return ({ name, labels }) =>
    name.startsWith(namePrefix) && requirements.every((requirement) => fits(requirement, labels));
};

/**
 * The part of the pools, ordered by name, that is asked for. A page begins behind the name that the last one ended with, so
 * each pool that exists throughout is in exactly one page. Errors: REQUEST::INVALID for a token of another list, or of none.
 */
export const pageOf = (
  pools: readonly Pool[],
  { limit, continue: token, ...selectors }: PoolSelectors & Page,
): PoolPage => {
  const isMeant = selects(selectors);
  const meant = isMeant ? pools.filter(({ name, specification: { labels } }) => isMeant({ name, labels })) : pools;
  const start = token === undefined ? 0 : firstBehind(meant, nameIn(token, selectors));
  const end = Math.min(meant.length, start + (limit ?? meant.length));
  const page = start === 0 && end === meant.length ? meant : meant.slice(start, end);
  const last = page.at(-1);
  if (end === meant.length || last === undefined) return { pools: page };
  return { pools: page, more: { token: tokenOf(last.name, selectors), count: meant.length - end } };
};

/** Index of the first pool whose name comes behind `name`, in pools ordered by name. */
export const firstBehind = (pools: readonly Pool[], name: string): number => {
  let low = 0;
  let high = pools.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pools[middle]?.name ?? '') > name) high = middle;
    else low = middle + 1;
  }
  return low;
};

// A token is the name that the page ended with, and a hash over it and the selectors: a garbled token does not fit its hash.

const HASH_DIGITS = 16;

const hash = (name: string, { labelSelector = '', namePrefix = '' }: PoolSelectors): string =>
  createHash('sha256')
    .update(JSON.stringify([name, labelSelector, namePrefix]))
    .digest('hex')
    .slice(0, HASH_DIGITS);

const tokenOf = (name: string, selectors: PoolSelectors): string =>
  Buffer.from(`${hash(name, selectors)}${name}`).toString('base64url');

const nameIn = (token: string, selectors: PoolSelectors): string => {
  const text = Buffer.from(token, 'base64url').toString();
  const name = text.slice(HASH_DIGITS);
  if (token === tokenOf(name, selectors)) return name;
  throw invalidRequest([
    {
      path: ['continue'],
      message: 'is no token of a list with these selectors; leave it out to begin with the first page',
    },
  ]);
};
