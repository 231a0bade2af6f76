// Comparing API keys, and naming one in logs.
import { createHash, timingSafeEqual } from 'node:crypto';
import { API_KEY_MAX_LENGTH } from '../../contract/limits.ts';

/** Keys are compared in buffers of the maximum size, so that the time does not depend on the length of the right key. */
const fill = (buffer: Buffer, text: string): Buffer => {
  buffer.fill(0);
  buffer.write(text);
  return buffer;
};

/** A comparison with `key`, which is ASCII, in constant time. */
export const compareWith = (key: string): ((given: string) => boolean) => {
  const expected = fill(Buffer.alloc(API_KEY_MAX_LENGTH), key);
  const scratch = Buffer.alloc(API_KEY_MAX_LENGTH);
  return (given) => timingSafeEqual(fill(scratch, given), expected) && given.length === key.length;
};

/** A short hash that names the key in logs. */
export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 8);
