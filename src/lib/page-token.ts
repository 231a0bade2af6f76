// Continuation tokens: where the previous page ended, and a hash over it and the selectors of the list, which a garbled token
// or one of another list does not match.
import { hashJson } from './canonical-json.ts';

const HASH_DIGITS = 16;

/** @param position Where the page ended. @param selectors What else identifies the list. */
export const pageToken = (position: string, selectors: readonly string[]): string =>
  Buffer.from(`${hashJson([position, ...selectors], HASH_DIGITS)}${position}`).toString('base64url');

/** The position in a token; undefined if it is not a token of this list. */
export const tokenPosition = (token: string, selectors: readonly string[]): string | undefined => {
  const position = Buffer.from(token, 'base64url').toString().slice(HASH_DIGITS);
  return token === pageToken(position, selectors) ? position : undefined;
};
