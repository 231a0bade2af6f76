// A pool as clients receive it, built once per snapshot and view.
import { publicAnnotations } from '../../../contract/metadata.ts';
import type { PoolList, PoolResponse, PoolView } from '../../../contract/pool.ts';
import { CachedJson } from '../../../lib/cached-json.ts';
import { definedFields } from '../../../lib/json.ts';
import { memoize } from '../../../lib/memoize.ts';
import type { PoolPage } from '../pool-page.ts';
import type { Written } from '../pool-service.ts';
import type { Pool } from '../pool.ts';
import { etagOf } from './etag.ts';

const withoutEmpty = (map: Readonly<Record<string, string>>) => (Object.keys(map).length > 0 ? map : undefined);

const represent = (pool: Pool, view: PoolView): Readonly<PoolResponse> => {
  const specification = pool.readable ?? pool.specification;
  return CachedJson.of(
    definedFields({
      name: pool.name,
      uid: pool.uid,
      etag: etagOf(pool),
      generation: pool.generation,
      resourceVersion: pool.resourceVersion,
      createdAt: pool.createdAt,
      deletingSince: pool.deletingSince,
      labels: withoutEmpty(specification.labels),
      annotations: withoutEmpty(publicAnnotations(specification.annotations)),
      template: view === 'full' ? specification.template : undefined,
      capacitySpec: specification.capacitySpec,
      scaleStrategy: specification.scaleStrategy,
      updateStrategy: specification.updateStrategy,
      recycleStrategy: specification.recycleStrategy,
      status: pool.status,
    }),
  );
};

const one = {
  basic: memoize((pool: Pool) => represent(pool, 'basic')),
  full: memoize((pool: Pool) => represent(pool, 'full')),
};

const listOf = (view: PoolView) => memoize((page: readonly Pool[]) => CachedJson.of({ items: page.map(one[view]) }));
const list = { basic: listOf('basic'), full: listOf('full') };

/** One pool: the same object each time. */
export const toPoolResponse = (pool: Pool, view: PoolView = 'full'): Readonly<PoolResponse> => one[view](pool);

/** The JSON of a pool in the view `basic`, encoded once: every selector view has an event with it. */
export const basicPoolJson = memoize((pool: PoolResponse) => JSON.stringify(pool));

/**
 * The pool after a write. After a dry run it has the plan, and the ETag of the stored pool: with it as `If-Match` the write
 * does what the dry run returned, or nothing.
 */
export const toWrittenPool = (pool: Pool, { before, plan }: Written, view: PoolView = 'full'): PoolResponse =>
  plan === undefined ? one[view](pool) : { ...one[view](pool), etag: etagOf(before ?? pool), plan };

/** A list: the same object for the same array of all pools. */
export const toPoolList = ({ pools, more }: PoolPage, view: PoolView = 'basic'): PoolList => {
  const whole = list[view](pools);
  return more ? { ...whole, continue: more.token, remainingItemCount: more.count } : whole;
};
