// The retry record of a pool: a reserved annotation. It is therefore written with the pool, deleted with it, and visible to
// every server of a cluster.
import { z } from 'zod';
import { parseJson } from '../../lib/json.ts';
import { memoize } from '../../lib/memoize.ts';
import { RetryRecord } from '../idempotency/retry-record.ts';
import type { Pool, StoredSpecification } from './pool.ts';

const ANNOTATION = 'warmpool.dev/idempotency';

/** With the name of the pool that the request created: a copy of the annotation on another pool is ignored. */
const PoolRetryRecord = RetryRecord.extend({ name: z.string() });
type PoolRetryRecord = z.infer<typeof PoolRetryRecord>;

export const withRetryRecord = (specification: StoredSpecification, record: PoolRetryRecord): StoredSpecification => ({
  ...specification,
  annotations: { ...specification.annotations, [ANNOTATION]: JSON.stringify(record) },
});

const read = memoize((annotations: StoredSpecification['annotations']): { record?: PoolRetryRecord } => {
  const { data } = PoolRetryRecord.safeParse(parseJson(annotations[ANNOTATION] ?? ''));
  return data === undefined ? {} : { record: data };
});

/** The record of a pool that was created with a key; undefined without one, and for one that was copied from another pool. */
export const retryRecordOf = ({ name, specification: { annotations } }: Pool): RetryRecord | undefined => {
  if (annotations[ANNOTATION] === undefined) return undefined;
  const { record } = read(annotations);
  return record?.name === name ? record : undefined;
};
