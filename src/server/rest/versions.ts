// ETags of answers, and whether a reader has the present one already (RFC 9110, sections 8.8.3 and 13.1.2).
import { createHash } from 'node:crypto';
import type { PoolList, PoolResponse } from '../../contract/pool.ts';
import { entityTags } from '../../contract/preconditions.ts';
import { memoize } from '../../lib/memoize.ts';

/** The ETag of a list is a hash over those of its items, and what stands beside them. */
const listTag = memoize((list: PoolList) => {
  const hash = createHash('sha256').update(JSON.stringify([list.continue, list.remainingItemCount]));
  for (const { etag } of list.items) hash.update(etag);
  return `"${hash.digest('base64url').slice(0, 22)}"`;
});

/** The ETag of what an operation with `isVersioned` answers. */
export const tagOf = (answer: PoolResponse | PoolList): string => ('items' in answer ? listTag(answer) : answer.etag);

const strong = (tag: string) => tag.replace(/^W\//, '');

/** Whether the value of `If-None-Match` has the tag, by weak comparison. What is no list of tags has none. */
export const isKnown = (ifNoneMatch: string | undefined, tag: string): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === '*' || entityTags(ifNoneMatch).some((known) => strong(known) === tag));
