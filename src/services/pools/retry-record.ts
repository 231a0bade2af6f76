// What is remembered of a request with an Idempotency-Key: a reserved annotation of the pool that it made. So it is written
// with the pool, survives what the pool survives, ends with it, and is seen by every server of a cluster.
import { z } from 'zod';
import { IDEMPOTENCY_MS } from '../../contract/limits.ts';
import { hashJson } from '../../lib/hash-json.ts';
import { memoize } from '../../lib/memoize.ts';
import { rfc3339 } from '../../lib/rfc3339.ts';
import type { Pool, StoredSpecification } from './pool.ts';

/** The key of a caller, and within what it is the same key. */
export type Retry = {
  readonly idempotencyKey: string;
  /** Who calls which operation with which options: the same key in another scope is another key. */
  readonly scope: string;
};

const ANNOTATION = 'warmpool.dev/idempotency';
const DIGITS = 32;

const RetryRecord = z.object({ key: z.string(), name: z.string(), body: z.string(), at: z.iso.datetime() });

/** Hashes of scope and key and of the body, and the name and time (RFC 3339) under which the pool was made. */
export type RetryRecord = z.infer<typeof RetryRecord>;

/** The record of a request that makes a pool named `name` from `given`. */
export const newRetryRecord = (retry: Retry, name: string, given: object, nowMs: number): RetryRecord => ({
  key: hashJson([retry.scope, retry.idempotencyKey], DIGITS),
  name,
  body: hashJson({ ...given, name }, DIGITS),
  at: rfc3339(nowMs),
});

export const withRetryRecord = (specification: StoredSpecification, record: RetryRecord): StoredSpecification => ({
  ...specification,
  annotations: { ...specification.annotations, [ANNOTATION]: JSON.stringify(record) },
});

const read = memoize((annotations: StoredSpecification['annotations']): { record?: RetryRecord } => {
  const { data } = RetryRecord.safeParse(parseJson(annotations[ANNOTATION] ?? ''));
  return data === undefined ? {} : { record: data };
});

/** The record of a pool that was made with a key; undefined where there is none, or one that was copied from another pool. */
export const retryRecordOf = ({ name, specification: { annotations } }: Pool): RetryRecord | undefined => {
  if (annotations[ANNOTATION] === undefined) return undefined;
  const { record } = read(annotations);
  return record?.name === name ? record : undefined;
};

/** Whether a record still counts. */
export const isRemembered = ({ at }: RetryRecord, nowMs: number): boolean => nowMs - Date.parse(at) < IDEMPOTENCY_MS;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
