// CORS, for the configured origins. Preflight requests need no key.
import type { Request, Response } from 'express';

const EXPOSED = 'ETag, Location, Age, X-Request-ID, Retry-After, Idempotency-Replayed';
const ALLOWED_METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const PREFLIGHT_MAX_AGE_SECONDS = 600;

/** @param origins Allowed origins, as `https://host[:port]`; empty: no CORS headers are sent. */
export const cors = (origins: readonly string[]) => {
  const allowed = new Set(origins);
  /** Adds the CORS headers; returns `preflight` after it has responded to a preflight. */
  return (request: Request, response: Response): 'preflight' | undefined => {
    if (allowed.size === 0) return undefined;
    response.vary('Origin');
    const { origin } = request.headers;
    if (origin === undefined || !allowed.has(origin)) return undefined;
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Expose-Headers', EXPOSED);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
      return undefined;
    response.setHeader('Access-Control-Allow-Methods', ALLOWED_METHODS);
    response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '');
    response.setHeader('Access-Control-Max-Age', PREFLIGHT_MAX_AGE_SECONDS);
    response.writeHead(204).end();
    return 'preflight';
  };
};
