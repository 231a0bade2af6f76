// Preconditions of writes (entity tags, RFC 9110, section 8.8.3) and keys for safe retries.
import { z } from 'zod';
import { IDEMPOTENCY_KEY_MAX_LENGTH } from './limits.ts';
import { must } from './must.ts';

const TAG = String.raw`(?:W/)?"[\x21\x23-\x7e]*"`;
const TAGS = new RegExp(`^(?:\\*|${TAG}(?:[ \\t]*,[ \\t]*${TAG})*)$`);

/** The value of `If-Match`: `*`, or entity tags. */
export const IfMatch = z
  .string(must('be a string'))
  .regex(TAGS, must('be "*" or a list of ETags, each in double quotes as in the ETag header'))
  .meta({ description: 'An ETag as returned by the server, or `*` for any version.' });

/** Returns the tags of a list of entity tags, unchanged. */
export const entityTags = (text: string): readonly string[] => text.match(new RegExp(TAG, 'g')) ?? [];

/** The value of `Idempotency-Key`, chosen by the client. */
export const IdempotencyKey = z
  .string(must('be a string'))
  .regex(
    new RegExp(`^[\\x21-\\x7e]{1,${IDEMPOTENCY_KEY_MAX_LENGTH}}$`),
    must(`have 1 to ${IDEMPOTENCY_KEY_MAX_LENGTH} visible ASCII characters`),
  )
  .meta({ description: 'Client-generated key, unique per created resource.' });
