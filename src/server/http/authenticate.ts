// The API key: compared in constant time, before anything else of a request is looked at.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { API_KEY_HEADER } from '../../contract/limits.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from './call.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();
const HEADER = API_KEY_HEADER.toLowerCase();

/** @param apiKey The key that callers must send; undefined: the server is open. */
export const authenticate = (apiKey: string | undefined): RequestHandler => {
  if (apiKey === undefined)
    return (_request, _response, next) => {
      next();
    };
  const expected = digest(apiKey);
  // Digests have one length, so the comparison tells nothing of the key's length either.
  const keyHash = expected.toString('hex').slice(0, 8);
  return (request, _response, next) => {
    const given = request.headers[HEADER];
    if (typeof given !== 'string' || given === '')
      throw new WarmpoolError('MISSING_API_KEY', `Send the API key in the header ${API_KEY_HEADER}.`);
    if (!timingSafeEqual(digest(given), expected))
      throw new WarmpoolError('INVALID_API_KEY', `The API key in the header ${API_KEY_HEADER} is wrong.`);
    callOf(request).keyHash = keyHash;
    next();
  };
};
