// The API key: compared in constant time, before anything else of a request is looked at.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { API_KEY_HEADER, API_KEY_MAX_LENGTH } from '../../contract/limits.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from './call.ts';

/** Keys are compared in buffers of the longest one's size, so that the time says nothing of the right key's length either. */
const fill = (buffer: Buffer, text: string): Buffer => {
  buffer.fill(0);
  buffer.write(text, 'latin1');
  return buffer;
};

/** A comparison with `key` in constant time. A header's text has one byte a character, and a key at most as many as are compared. */
const compareWith = (key: string): ((given: string) => boolean) => {
  const expected = fill(Buffer.alloc(API_KEY_MAX_LENGTH), key);
  const scratch = Buffer.alloc(API_KEY_MAX_LENGTH);
  return (given) => timingSafeEqual(fill(scratch, given), expected) && given.length === key.length;
};

const HEADER = API_KEY_HEADER.toLowerCase();

type AuthenticateOptions = {
  /** The key that callers must send; undefined: the server is open. */
  readonly apiKey: string | undefined;
  /** Whether a path needs no key. */
  readonly isOpen: (path: string) => boolean;
};

/** A check that throws MISSING_API_KEY or INVALID_API_KEY. */
export const authenticate = ({ apiKey, isOpen }: AuthenticateOptions): ((request: Request) => void) => {
  if (apiKey === undefined) return () => undefined;
  const isRight = compareWith(apiKey);
  const keyHash = createHash('sha256').update(apiKey).digest('hex').slice(0, 8);
  return (request) => {
    if (isOpen(request.path)) return;
    const given = request.headers[HEADER];
    if (typeof given !== 'string' || given === '')
      throw new WarmpoolError('MISSING_API_KEY', `Send the API key in the header ${API_KEY_HEADER}.`);
    if (!isRight(given))
      throw new WarmpoolError(
        'INVALID_API_KEY',
        `The API key in the header ${API_KEY_HEADER} is wrong. The server says at its start where the right one is.`,
      );
    callOf(request).keyHash = keyHash;
  };
};
