// Lists of pools, filtered and divided into pages that stay correct while pools are created and deleted.
import type { PageOptions, PoolSelectors } from '../../contract/list-options.ts';
import { pageToken, tokenPosition } from '../../lib/page-token.ts';
import { invalidToken } from '../warmpool-error.ts';
import { firstAfter } from './pool-index.ts';
import type { Pool } from './pool.ts';
import { compileSelectors, selectableOf } from './pool-selectors.ts';

export type PoolPage = {
  readonly pools: readonly Pool[];
  /** The continuation token and the number of pools that follow; absent on the last page. */
  readonly more?: { readonly token: string; readonly count: number };
};

/**
 * One page of the pools, which are ordered by name. A page starts after the last name of the previous one, so each pool that
 * exists throughout is on exactly one page. Errors: REQUEST::INVALID for a token that is invalid or belongs to other selectors.
 */
export const pageOf = (
  pools: readonly Pool[],
  { limit, continue: token, ...selectors }: PoolSelectors & PageOptions,
): PoolPage => {
  const matches = compileSelectors(selectors);
  const matching = matches ? pools.filter((pool) => matches(selectableOf(pool))) : pools;
  const start = token === undefined ? 0 : firstAfter(matching, nameIn(token, selectors));
  const end = Math.min(matching.length, start + (limit ?? matching.length));
  const page = start === 0 && end === matching.length ? matching : matching.slice(start, end);
  const last = page.at(-1);
  if (end === matching.length || last === undefined) return { pools: page };
  return { pools: page, more: { token: pageToken(last.name, selectorsOf(selectors)), count: matching.length - end } };
};

const selectorsOf = ({ labelSelector = '', namePrefix = '' }: PoolSelectors) => [labelSelector, namePrefix];

const nameIn = (token: string, selectors: PoolSelectors): string => {
  const name = tokenPosition(token, selectorsOf(selectors));
  if (name === undefined) throw invalidToken();
  return name;
};
