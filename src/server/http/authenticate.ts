// The API key: compared in constant time, before anything else of a request is looked at.
import { hash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { API_KEY_HEADER } from '../../contract/limits.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from './call.ts';

const digest = (text: string) => hash('sha256', text, 'buffer');
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
  const expected = digest(apiKey);
  // Digests have one length, so the comparison tells nothing of the key's length either.
  const keyHash = expected.toString('hex').slice(0, 8);
  return (request) => {
    if (isOpen(request.path)) return;
    const given = request.headers[HEADER];
    if (typeof given !== 'string' || given === '')
      throw new WarmpoolError('MISSING_API_KEY', `Send the API key in the header ${API_KEY_HEADER}.`);
    if (!timingSafeEqual(digest(given), expected))
      throw new WarmpoolError('INVALID_API_KEY', `The API key in the header ${API_KEY_HEADER} is wrong.`);
    callOf(request).keyHash = keyHash;
  };
};
