// What makes a write safe: entity tags (RFC 9110, section 8.8.3) and keys that make it safe to send it again.
import { z } from 'zod';
import { IDEMPOTENCY_KEY_MAX_LENGTH } from './limits.ts';
import { must } from './must.ts';

const TAG = String.raw`(?:W/)?"[\x21\x23-\x7e]*"`;
const TAGS = new RegExp(`^(?:\\*|${TAG}(?:[ \\t]*,[ \\t]*${TAG})*)$`);

/** The value of `If-Match`: `*`, or entity tags. */
export const IfMatch = z
  .string(must('be a string'))
  .regex(TAGS, must('be "*" or ETags as answers have them, in double quotes'))
  .meta({ description: 'An ETag as answers have it, or "*": any version.' });

/** The tags of a list of entity tags, as they stand there. */
export const entityTags = (text: string): readonly string[] => text.match(new RegExp(TAG, 'g')) ?? [];

/** The value of `Idempotency-Key`: whatever the caller chooses, once for each thing to make. */
export const IdempotencyKey = z
  .string(must('be a string'))
  .regex(
    new RegExp(`^[\\x21-\\x7e]{1,${IDEMPOTENCY_KEY_MAX_LENGTH}}$`),
    must(`have 1 to ${IDEMPOTENCY_KEY_MAX_LENGTH} visible ASCII characters`),
  )
  .meta({ description: 'A key of the caller’s choice, another one for each pool to make.' });
