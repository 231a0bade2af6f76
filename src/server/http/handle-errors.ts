// The last two handlers: no route took the request, or something threw.
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { toWarmpoolError } from '../../router/error-funnel.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { logFailure } from './log-failure.ts';
import { sendError } from './send.ts';

export const refuseUnknownRoute: RequestHandler = (request) => {
  throw new WarmpoolError(
    'REQUEST::NOT_FOUND',
    `There is no route ${request.path}. The routes are described at /docs.`,
  );
};

/** Logs what is the server's own fault, with its cause, and answers. */
export const handleErrors =
  (logger: Logger): ErrorRequestHandler =>
  // Express tells error handlers by their four parameters.
  (thrown: unknown, request, response, _next) => {
    const error = fromExpress(thrown) ?? toWarmpoolError(thrown);
    logFailure(logger, request, error);
    sendError(request, response, error);
  };

/** Express itself throws on a path whose percent encoding is broken. */
const fromExpress = (thrown: unknown): WarmpoolError | undefined =>
  thrown instanceof URIError
    ? new WarmpoolError('REQUEST::MALFORMED', 'The percent encoding of the path is broken.')
    : undefined;
