// Lists of pools, narrowed and cut into pages that stay right while pools come and go.
import { createHash } from 'node:crypto';
import type { Page, PoolSelectors } from '../../contract/list-options.ts';
import { invalidRequest } from '../warmpool-error.ts';
import { firstAfter } from './pool-index.ts';
import type { Pool } from './pool.ts';
import { selectableOf, compileSelectors } from './pool-selectors.ts';

export type PoolPage = {
  readonly pools: readonly Pool[];
  /** Present when there is more to come. */
  readonly more?: { readonly token: string; readonly count: number };
};

/**
 * The part of the pools, ordered by name, that is asked for. A page begins behind the name that the last one ended with, so
 * each pool that exists throughout is in exactly one page. Errors: REQUEST::INVALID for a token of another list, or of none.
 */
export const pageOf = (
  pools: readonly Pool[],
  { limit, continue: token, ...selectors }: PoolSelectors & Page,
): PoolPage => {
  const isMeant = compileSelectors(selectors);
  const meant = isMeant ? pools.filter((pool) => isMeant(selectableOf(pool))) : pools;
  const start = token === undefined ? 0 : firstAfter(meant, nameIn(token, selectors));
  const end = Math.min(meant.length, start + (limit ?? meant.length));
  const page = start === 0 && end === meant.length ? meant : meant.slice(start, end);
  const last = page.at(-1);
  if (end === meant.length || last === undefined) return { pools: page };
  return { pools: page, more: { token: tokenOf(last.name, selectors), count: meant.length - end } };
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
