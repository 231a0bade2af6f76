// The Express application: what happens to a request, in the order that docs/api.md promises.
import express, { type Express, type Request, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Context } from '../router/trpc.ts';
import type { PoolUseCases } from '../services/pools/pool-service.ts';
import { WarmpoolError } from '../services/warmpool-error.ts';
import { authenticate } from './http/authenticate.ts';
import { beginRequest } from './http/begin-request.ts';
import { callOf } from './http/call.ts';
import { cors } from './http/cors.ts';
import { sendError } from './http/send.ts';
import { handleErrors, refuseUnknownRoute } from './http/handle-errors.ts';
import type { Metrics } from './operation/metrics.ts';
import { createOperationalRoutes } from './operation/operational-routes.ts';
import type { Readiness } from '../contract/operation.ts';
import { createRestRouter } from './rest/rest-router.ts';
import { createTrpcHandler } from './trpc/trpc-handler.ts';

export type AppOptions = {
  readonly pools: PoolUseCases;
  /** The OpenAPI document, as /openapi.json answers it. */
  readonly document: object;
  /** The key that callers must send; undefined: the server is open. */
  readonly apiKey: string | undefined;
  readonly corsOrigins: readonly string[];
  readonly hasPublicMetrics: boolean;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly readiness: () => Readiness;
  readonly isStopping: () => boolean;
};

export const createApp = (options: AppOptions): Express => {
  const { pools, apiKey, corsOrigins, metrics, logger, isStopping } = options;
  const contextOf = (request: Request): Context => {
    const { requestId, keyHash } = callOf(request);
    return {
      pools,
      requestId,
      audit: (entry) => {
        logger.info({ requestId, key: keyHash, ...entry }, 'audit');
      },
    };
  };
  const operational = createOperationalRoutes(options);
  const rest = createRestRouter(contextOf);

  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').enable('strict routing');
  app.use(beginRequest(logger, metrics));
  app.use(requireHost, refuseWhileStopping(isStopping));
  app.use(cors(corsOrigins));
  app.use(operational.open);
  app.use(authenticate(apiKey));
  app.use(operational.keyed);
  app.use('/trpc', createTrpcHandler(contextOf, logger));
  app.use('/v1', rest);
  app.use(rest);
  app.use(refuseUnknownRoute);
  app.use(handleErrors(logger));
  return app;
};

/** While the server stops, what arrives on connections that are still open is refused, and they are closed. */
const refuseWhileStopping =
  (isStopping: () => boolean): RequestHandler =>
  (request, response, next) => {
    if (!isStopping()) {
      next();
      return;
    }
    const error = new WarmpoolError(
      'SERVER::SHUTTING_DOWN',
      'The server is stopping. Send the request again in a moment.',
    );
    response.setHeader('Connection', 'close');
    sendError(request, response, error, { reasons: [error.message] });
  };

/** RFC 9112, section 3.2: a request of HTTP/1.1 without Host is refused. */
const requireHost: RequestHandler = (request, _response, next) => {
  if (request.httpVersion === '1.1' && request.headers.host === undefined)
    throw new WarmpoolError('REQUEST::MALFORMED', 'The request has no Host header.');
  next();
};
