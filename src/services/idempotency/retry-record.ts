// What is remembered about a request with an Idempotency-Key. It is stored with the resource that the request created, in one write.
import { z } from 'zod';
import { IDEMPOTENCY_MS } from '../../contract/limits.ts';
import { hashJson } from '../../lib/canonical-json.ts';
import { rfc3339 } from '../../lib/clock.ts';
import { WarmpoolError } from '../warmpool-error.ts';

/** A request with an Idempotency-Key. The same key from another caller, operation or set of options is a different key. */
export type KeyedRequest = {
  readonly key: string;
  readonly caller: string;
  /** Path of the procedure. */
  readonly operation: string;
  readonly options: Readonly<Record<string, string | undefined>>;
  /** What the request creates; a repetition must have the same. */
  readonly body: object;
};

/** Hash of the request's key with all that it depends on, hash of its body, and its time (RFC 3339). */
export const RetryRecord = z.object({ key: z.string(), body: z.string(), at: z.iso.datetime() });
export type RetryRecord = z.infer<typeof RetryRecord>;

const DIGITS = 32;

export const newRetryRecord = (request: KeyedRequest, nowMs: number): RetryRecord => {
  const { key, caller, operation, options, body } = request;
  const given = Object.entries(options).map(([name, value]) => `${name}=${value ?? ''}`);
  return {
    key: hashJson([`${caller} ${operation}?${given.join('&')}`, key], DIGITS),
    body: hashJson(body, DIGITS),
    at: rfc3339(nowMs),
  };
};

/** Whether the record is younger than 24 hours. */
export const isRemembered = ({ at }: RetryRecord, nowMs: number): boolean => nowMs - Date.parse(at) < IDEMPOTENCY_MS;

/** A key that another request had. `what` says what became of that: `created pool "a"`. */
export const keyReused = (what: string): WarmpoolError =>
  new WarmpoolError(
    'IDEMPOTENCY::KEY_REUSED',
    `This Idempotency-Key was used for another request, which ${what}. Use a new key for each resource.`,
  );
