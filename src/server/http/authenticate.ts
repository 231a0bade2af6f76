// The API key: compared in constant time, before anything else of a request is validated.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { API_KEY_HEADER, API_KEY_MAX_LENGTH } from '../../contract/limits.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from './call.ts';

/** Keys are compared in buffers of the maximum size, so that the time does not depend on the length of the right key. */
const fill = (buffer: Buffer, text: string): Buffer => {
  buffer.fill(0);
  buffer.write(text, 'latin1');
  return buffer;
};

/** A comparison with `key` in constant time. The text of a header has one byte per character. */
const compareWith = (key: string): ((given: string) => boolean) => {
  const expected = fill(Buffer.alloc(API_KEY_MAX_LENGTH), key);
  const scratch = Buffer.alloc(API_KEY_MAX_LENGTH);
  return (given) => timingSafeEqual(fill(scratch, given), expected) && given.length === key.length;
};

const HEADER = API_KEY_HEADER.toLowerCase();

/**
 * A check that throws MISSING_API_KEY or INVALID_API_KEY.
 * @param apiKey The key that clients must send; undefined: none is needed.
 * @param isOpen Whether a path needs no key.
 */
export const authenticate = (apiKey: string | undefined, isOpen: (path: string) => boolean) => {
  if (apiKey === undefined) return () => undefined;
  const isRight = compareWith(apiKey);
  const keyHash = createHash('sha256').update(apiKey).digest('hex').slice(0, 8);
  return (request: Request): void => {
    if (isOpen(request.path)) return;
    const given = request.headers[HEADER];
    if (typeof given !== 'string' || given === '')
      throw new WarmpoolError(
        'MISSING_API_KEY',
        `Send the API key in the header ${API_KEY_HEADER}. The server logs at startup where the key is.`,
      );
    // Node joins the values of a header that a proxy has added again.
    if (!isRight(given) && request.headersDistinct[HEADER]?.every(isRight) !== true)
      throw new WarmpoolError(
        'INVALID_API_KEY',
        `The API key in the header ${API_KEY_HEADER} is wrong. The server logs at startup where the right one is.`,
      );
    callOf(request).keyHash = keyHash;
  };
};
