// The ETag of a pool: three parts, of which writes compare what they change, and reads the whole.
import { createHash } from 'node:crypto';
import type { PoolList } from '../../../contract/pool.ts';
import { entityTags } from '../../../contract/preconditions.ts';
import { publicAnnotations } from '../../../contract/metadata.ts';
import { hashJson } from '../../../lib/hash-json.ts';
import { memoize } from '../../../lib/memoize.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import type { Pool, StoredSpecification } from '../pool.ts';

const hashMetadata = memoize(({ labels, annotations }: StoredSpecification) =>
  hashJson([labels, publicAnnotations(annotations)], 10),
);
const NO_METADATA = hashJson([{}, {}], 10);

/** Hash of the labels and annotations that callers see. Most pools have none: hashing it for each of thousands costs memory. */
const metadataVersion = (specification: StoredSpecification): string =>
  Object.keys(specification.labels).length + Object.keys(specification.annotations).length === 0
    ? NO_METADATA
    : hashMetadata(specification);

/** What is told by clock alone comes without a new resource version. */
const isToldByClock = ({ status }: Pool): boolean =>
  status?.conditions?.some(({ reason }) => reason === 'NotReconciled') ?? false;

const partsOf = (pool: Pool) => ({
  specification: `${pool.uid}.${pool.generation}`,
  metadata: metadataVersion(pool.specification),
  representation: `${pool.resourceVersion}${isToldByClock(pool) ? '+' : ''}`,
});

/** The ETag of a snapshot, quotes included. Servers of one cluster make the same one. */
export const etagOf = (pool: Pool): string => {
  const { specification, metadata, representation } = partsOf(pool);
  return `"${specification}.${metadata}.${representation}"`;
};

/** The ETag of a list: a hash over those of its items and what comes with them. */
export const listEtag = memoize((list: PoolList): string => {
  const hash = createHash('sha256').update(JSON.stringify([list.continue, list.remainingItemCount]));
  for (const { etag } of list.items) hash.update(etag);
  return `"${hash.digest('base64url').slice(0, 22)}"`;
});

type Precondition = {
  /** The value of `If-Match`; undefined: none. */
  readonly ifMatch: string | undefined;
  /** Whether the request gives labels or annotations: then theirs must be the same, too. */
  readonly givesMetadata?: boolean;
};

/**
 * Throws POOL::VERSION_CONFLICT unless one of the tags has the pool's specification, and its labels and annotations where
 * the request gives any. A change of the status alone conflicts with nothing. `*` asks only that the pool exists.
 */
export const checkPrecondition = (pool: Pool, { ifMatch, givesMetadata = false }: Precondition): void => {
  if (ifMatch === undefined || ifMatch === '*') return;
  const { specification, metadata } = partsOf(pool);
  const start = givesMetadata ? `"${specification}.${metadata}.` : `"${specification}.`;
  const tags = entityTags(ifMatch);
  if (tags.some((tag) => tag.startsWith(start))) return;
  // RFC 9110, section 13.1.1: a weak tag never matches here. Proxies that compress answers make tags weak.
  const isWeak = tags.some((tag) => tag.startsWith('W/'));
  throw new WarmpoolError(
    'POOL::VERSION_CONFLICT',
    isWeak
      ? `A weak ETag (W/"...") never matches: send the "etag" in the pool itself, now ${etagOf(pool)}.`
      : `Pool "${pool.name}" is not the one of this ETag; now it is ${etagOf(pool)}. Read it again, and repeat the change on what it has become.`,
  );
};
