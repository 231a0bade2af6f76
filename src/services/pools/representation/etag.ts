// The ETag of a pool has three parts. Writes compare those that they change, reads compare all of it.
import type { PoolList } from '../../../contract/pool.ts';
import { entityTags } from '../../../contract/preconditions.ts';
import { publicAnnotations } from '../../../contract/metadata.ts';
import { hashJson } from '../../../lib/canonical-json.ts';
import { memoize } from '../../../lib/memoize.ts';
import { shortHash } from '../../../lib/short-hash.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import type { Pool, StoredSpecification } from '../pool.ts';

const hashMetadata = memoize(({ labels, annotations }: StoredSpecification) =>
  hashJson([labels, publicAnnotations(annotations)], 10),
);
const NO_METADATA = hashJson([{}, {}], 10);

/** Hash of the labels and public annotations. Most pools have none: a hash for each of thousands of pools costs memory. */
const metadataVersion = (specification: StoredSpecification): string =>
  Object.keys(specification.labels).length + Object.keys(specification.annotations).length === 0
    ? NO_METADATA
    : hashMetadata(specification);

/** This condition appears after a delay, without a new resource version. */
const isNotReconciled = ({ status }: Pool): boolean =>
  status?.conditions?.some(({ reason }) => reason === 'NotReconciled') ?? false;

const partsOf = (pool: Pool) => ({
  specification: `${pool.uid}.${pool.generation}`,
  metadata: metadataVersion(pool.specification),
  representation: `${pool.resourceVersion}${isNotReconciled(pool) ? '+' : ''}`,
});

/** The ETag of a snapshot, quotes included. It is the same on every server of a cluster. */
export const etagOf = (pool: Pool): string => {
  const { specification, metadata, representation } = partsOf(pool);
  return `"${specification}.${metadata}.${representation}"`;
};

/** The ETag of a list: a hash over those of its items and the other fields. */
export const listEtag = memoize((list: PoolList): string => {
  const page = JSON.stringify([list.continue, list.remainingItemCount]);
  return `"${shortHash([page, ...list.items.map(({ etag }) => etag)])}"`;
});

/**
 * Throws POOL::VERSION_CONFLICT unless one of the tags in `If-Match` has the pool's specification, and its labels and
 * annotations if the request touches them. A status change alone never conflicts. `*` only requires that the pool
 * exists.
 */
export const checkPrecondition = (pool: Pool, ifMatch: string | undefined, touchesMetadata = false): void => {
  if (ifMatch === undefined || ifMatch === '*') return;
  const { specification, metadata } = partsOf(pool);
  const start = touchesMetadata ? `"${specification}.${metadata}.` : `"${specification}.`;
  const tags = entityTags(ifMatch);
  if (tags.some((tag) => tag.startsWith(start))) return;
  // RFC 9110, section 13.1.1: a weak tag never matches here. Proxies that compress responses weaken tags.
  const isWeak = tags.some((tag) => tag.startsWith('W/'));
  throw new WarmpoolError(
    'POOL::VERSION_CONFLICT',
    isWeak
      ? `A weak ETag (W/"...") never matches. Send the "etag" field of the pool (current: ${etagOf(pool)}).`
      : `Pool "${pool.name}" has changed since that ETag was issued (current: ${etagOf(pool)}). Read it again and reapply your change.`,
  );
};
