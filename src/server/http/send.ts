// Writes answers: JSON with its length, and errors in the shape that the route's clients read.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { toErrorShape } from '../../router/error-funnel.ts';
import { memoize } from '../../services/memoize.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import type { WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from './call.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value));

/** The bytes of an immutable answer, made once. */
const keptBytes = memoize((value: object) => encode(value));

/** Answers with JSON. A frozen value never changes, so its bytes are kept beside it. */
export const sendJson = (response: ServerResponse, status: number, value: object): void => {
  const bytes = Object.isFrozen(value) ? keptBytes(value) : encode(value);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': bytes.length });
  response.end(bytes);
};

/** Whether the request belongs to tRPC, whose clients read errors in an envelope of their own. */
export const isTrpcPath = (path: string): boolean => path === '/trpc' || path.startsWith('/trpc/');

export const toErrorBody = ({ code, message, violations }: WarmpoolError, requestId: string): ErrorBody => ({
  code,
  message,
  requestId,
  ...(violations && { errors: [...violations] }),
});

/**
 * Answers with an error. Does nothing when the answer has begun already: then the connection is ended instead.
 * @param extra Members of the body beside code and message.
 */
export const sendError = (
  request: IncomingMessage & { originalUrl?: string },
  response: ServerResponse,
  error: WarmpoolError,
  extra: Pick<ErrorBody, 'reasons'> = {},
): void => {
  const call = callOf(request);
  call.errorCode = error.code;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const [path = ''] = (request.originalUrl ?? request.url ?? '').split('?');
  const body = isTrpcPath(path)
    ? { error: toErrorShape(error, call.requestId) }
    : { ...toErrorBody(error, call.requestId), ...extra };
  sendJson(response, error.status, body);
};
