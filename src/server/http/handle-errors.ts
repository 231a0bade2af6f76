// The last two handlers: for a request without a route, and for everything that throws.
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { toWarmpoolError } from '../../router/error-funnel.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { logFailure } from './log-failure.ts';
import { sendError, toErrorBody, type ErrorBodyOf } from './send.ts';

export const refuseUnknownRoute: RequestHandler = (request) => {
  throw new WarmpoolError(
    'REQUEST::NOT_FOUND',
    `There is no route ${request.path}. The routes are documented at /docs.`,
  );
};

/** Logs an error of the server itself with its cause, and sends every error as `toBody` says. */
export const handleErrors =
  (logger: Logger, toBody: ErrorBodyOf = toErrorBody): ErrorRequestHandler =>
  // Express recognises error handlers by their four parameters.
  (thrown: unknown, request, response, _next) => {
    const error = fromExpress(thrown) ?? toWarmpoolError(thrown);
    logFailure(logger, request, error);
    sendError(request, response, { error, toBody });
  };

/** Express itself throws on a path whose percent-encoding is invalid. */
const fromExpress = (thrown: unknown): WarmpoolError | undefined =>
  thrown instanceof URIError
    ? new WarmpoolError('REQUEST::MALFORMED', 'The percent-encoding of the path is invalid.')
    : undefined;
