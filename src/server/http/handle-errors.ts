// The last handlers: for a request without a route or method, and for everything that throws.
import type { IncomingMessage } from 'node:http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { ErrorBody } from '../../contract/errors.ts';
import { toWarmpoolError } from '../../router/error-funnel.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from './call.ts';
import { sendJson } from './send.ts';

export const refuseUnknownRoute: RequestHandler = (request) => {
  throw new WarmpoolError(
    'REQUEST::NOT_FOUND',
    `There is no route ${request.path}. The routes are documented at /docs.`,
  );
};

/** The last handler of a route, for methods other than `allowed`. A route with GET also serves HEAD. */
export const refuseMethod = (allowed: readonly string[]): RequestHandler => {
  const names = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  return (request, response) => {
    response.setHeader('Allow', names);
    throw new WarmpoolError(
      'REQUEST::METHOD_NOT_ALLOWED',
      `${request.method} is not allowed on this route. Allowed: ${names}.`,
    );
  };
};

/** Logs an error with status 500 and its cause. The client can fix the others itself. */
export const logFailure = (logger: Logger, request: IncomingMessage, error: WarmpoolError): void => {
  if (error.status !== 500) return;
  const { requestId } = callOf(request);
  logger.error({ requestId, code: error.code, err: error.cause ?? error }, error.message);
};

/** The body of an error as the clients of a route read it. */
type ErrorBodyOf = (error: WarmpoolError, requestId: string) => object;

export const toErrorBody = ({ code, message, errors, reasons }: WarmpoolError, requestId: string): ErrorBody => ({
  code,
  message,
  requestId,
  ...(errors && { errors }),
  ...(reasons && { reasons: [...reasons] }),
});

/** Logs server errors, and sends every error in the form that `toBody` returns. A response that has already begun is cut off instead. */
export const handleErrors =
  (logger: Logger, toBody: ErrorBodyOf = toErrorBody): ErrorRequestHandler =>
  // Express recognises error handlers by their four parameters.
  (thrown: unknown, request, response, _next) => {
    const error = fromExpress(thrown) ?? toWarmpoolError(thrown);
    const call = callOf(request);
    call.errorCode = error.code;
    logFailure(logger, request, error);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error.retryAfterSeconds !== undefined) response.setHeader('Retry-After', error.retryAfterSeconds);
    sendJson(response, error.status, toBody(error, call.requestId));
  };

/** Express itself throws on a path whose percent-encoding is invalid. */
const fromExpress = (thrown: unknown): WarmpoolError | undefined =>
  thrown instanceof URIError
    ? new WarmpoolError('REQUEST::MALFORMED', 'The percent-encoding of the path is invalid.')
    : undefined;
