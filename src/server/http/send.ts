// Writes responses: JSON with its length, and errors in the shape that the route's clients read.
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { toErrorShape } from '../../router/error-funnel.ts';
import { isFrozenJson, type FrozenJson } from '../../lib/json.ts';
import { memoize } from '../../lib/memoize.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import type { WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from './call.ts';

/** A body ready to be sent. Node writes a small text together with the head, in one call of the system; a large one is kept as bytes. */
type Body = { readonly data: string | Buffer; readonly length: number; readonly encoding: BufferEncoding };

const KEPT_AS_TEXT_MAX_BYTES = 16_384;

const encode = (value: unknown): Body => {
  const text = JSON.stringify(value);
  const length = Buffer.byteLength(text);
  const encoding = length === text.length ? 'latin1' : 'utf8';
  return { data: length > KEPT_AS_TEXT_MAX_BYTES ? Buffer.from(text) : text, length, encoding };
};

const encodeOnce = memoize((value: FrozenJson) => encode(value));

/** Responds with JSON. The encoding of frozen JSON is kept for the next response. */
export const sendJson = (
  response: ServerResponse,
  status: number,
  value: object,
  headers: OutgoingHttpHeaders = {},
): void => {
  const { data, length, encoding } = isFrozenJson(value) ? encodeOnce(value) : encode(value);
  response.writeHead(status, { ...headers, 'Content-Type': 'application/json', 'Content-Length': length });
  response.end(data, encoding);
};

/** Whether the request belongs to tRPC, whose clients read errors in an envelope of their own. */
const isTrpcPath = (path: string): boolean => path === '/trpc' || path.startsWith('/trpc/');

export const toErrorBody = ({ code, message, errors, reasons }: WarmpoolError, requestId: string): ErrorBody => ({
  code,
  message,
  requestId,
  ...(errors && { errors }),
  ...(reasons && { reasons: [...reasons] }),
});

/** Responds with an error. When the response has begun already, the connection is closed instead. */
export const sendError = (request: IncomingMessage, response: ServerResponse, error: WarmpoolError): void => {
  const call = callOf(request);
  call.errorCode = error.code;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error.retryAfterSeconds !== undefined) response.setHeader('Retry-After', error.retryAfterSeconds);
  const [path = ''] = pathOf(request).split('?');
  const { requestId } = call;
  sendJson(
    response,
    error.status,
    isTrpcPath(path) ? { error: toErrorShape(error, requestId) } : toErrorBody(error, requestId),
  );
};

/** Express shortens `url` below a mount point. */
const pathOf = (request: IncomingMessage & { originalUrl?: string }): string =>
  request.originalUrl ?? request.url ?? '';
