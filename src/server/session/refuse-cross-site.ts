// Protects sessions from requests that other sites make a browser send (cross-site request forgery).
import type { IncomingMessage } from 'node:http';
import { SESSION_HEADER } from '../../contract/limits.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';

const SAFE_METHODS: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS']);

const HEADER = SESSION_HEADER.toLowerCase();

/** Throws SESSION::CROSS_SITE for a request with a cookie that changes something, unless it has the header of the dashboard: other origins cannot send it. */
export const refuseCrossSite = (request: IncomingMessage): void => {
  if (SAFE_METHODS.has(request.method)) return;
  refuseOtherOrigins(request);
  if (request.headers[HEADER] !== '1')
    throw new WarmpoolError(
      'SESSION::CROSS_SITE',
      `A ${request.method} request with a session cookie needs the header ${SESSION_HEADER}: 1. Scripts send the API key instead of the cookie.`,
    );
};

/** Throws SESSION::CROSS_SITE if the browser reports that another origin sent the request. Older browsers report nothing, and neither does one that uses http. */
export const refuseOtherOrigins = ({ headers }: IncomingMessage): void => {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin')
    throw new WarmpoolError(
      'SESSION::CROSS_SITE',
      'The request was sent by a page of another origin. Use the dashboard of this server at /ui.',
    );
};
