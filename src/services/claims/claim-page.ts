// Lists of claims, filtered and divided into pages that stay correct while claims are created and end.
import type { Claim, ClaimListOptions } from '../../contract/claim.ts';
import { CLAIMS_DEFAULT_LIMIT } from '../../contract/limits.ts';
import { pageToken, tokenPosition } from '../../lib/page-token.ts';
import { compileSelectors } from '../pools/pool-selectors.ts';
import { invalidToken } from '../warmpool-error.ts';
import type { StoredClaim } from './ports.ts';

export type ClaimPage = {
  readonly claims: readonly Claim[];
  /** The continuation token and the number of claims that follow; absent on the last page. */
  readonly more?: { readonly token: string; readonly count: number };
};

/**
 * One page of claims, which are ordered by creation time and id. `scope` is the pool whose claims are listed, if any.
 * Errors: REQUEST::INVALID for a token that is invalid or belongs to another list.
 */
export const claimPage = (
  all: readonly StoredClaim[],
  { limit = CLAIMS_DEFAULT_LIMIT, continue: token, state = 'bound', labelSelector = '' }: ClaimListOptions,
  scope = '',
): ClaimPage => {
  const selectors = [scope, state, labelSelector];
  const matches = compileSelectors({ labelSelector }) ?? (() => true);
  const after = token === undefined ? '' : tokenPosition(token, selectors);
  if (after === undefined) throw invalidToken();
  const following = all.flatMap(({ claim }) =>
    matches({ name: claim.id, labels: claim.labels ?? {} }) && positionOf(claim) > after ? [claim] : [],
  );
  const claims = following.slice(0, limit);
  const last = claims.at(-1);
  if (last === undefined || claims.length === following.length) return { claims };
  return { claims, more: { token: pageToken(positionOf(last), selectors), count: following.length - claims.length } };
};

/** Times have a fixed length, so positions are ordered as claims are. */
const positionOf = ({ createdAt, id }: Claim): string => `${createdAt} ${id}`;
