// The API key, or a session of the dashboard instead: checked before anything else of a request is validated.
import type { Request, Response } from 'express';
import { API_KEY_HEADER } from '../../contract/limits.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from './call.ts';

/** What decides who may use a server with an API key. */
export type Credentials = {
  /** Short hash of the API key, for logs. */
  readonly keyHash: string;
  /** Compares with the API key in constant time. */
  readonly isRightKey: (given: string) => boolean;
  readonly sessions: {
    /** Whether the request has a session; it may be renewed. Throws if it has a cookie that does not allow the request. */
    accept(request: Request, response: Response): boolean;
  };
};

const HEADER = API_KEY_HEADER.toLowerCase();

/**
 * A check that throws MISSING_API_KEY, INVALID_API_KEY or SESSION::CROSS_SITE. The header takes precedence over a cookie.
 * @param credentials Undefined: none are needed.
 * @param isOpen Whether a path needs no key.
 */
export const authenticate = (credentials: Credentials | undefined, isOpen: (path: string) => boolean) => {
  if (credentials === undefined) return () => undefined;
  const { isRightKey, keyHash, sessions } = credentials;
  const checkKey = createKeyCheck(isRightKey);
  return (request: Request, response: Response): void => {
    if (isOpen(request.path)) return;
    const hasHeader = request.headers[HEADER] !== undefined;
    if (hasHeader || !sessions.accept(request, response)) checkKey(request);
    callOf(request).keyHash = keyHash;
  };
};

const createKeyCheck = (isRightKey: Credentials['isRightKey']) => (request: Request) => {
  const given = request.headers[HEADER];
  if (typeof given !== 'string' || given === '')
    throw new WarmpoolError(
      'MISSING_API_KEY',
      `Send the API key in the header ${API_KEY_HEADER}. The server logs at startup where the key is.`,
    );
  // Node joins the values of a header that a proxy has added again.
  if (!isRightKey(given) && request.headersDistinct[HEADER]?.every(isRightKey) !== true)
    throw new WarmpoolError(
      'INVALID_API_KEY',
      `The API key in the header ${API_KEY_HEADER} is wrong. The server logs at startup where the right one is.`,
    );
};
