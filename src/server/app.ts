// The Express application: what happens to a request, in the order that docs/api.md promises.
import type { AnyRouter } from '@trpc/server';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import type { Logger } from 'pino';
import type { Readiness } from '../contract/health.ts';
import type { Context } from '../router/trpc.ts';
import type { Services } from '../services/services.ts';
import { serverIsStopping, WarmpoolError } from '../services/warmpool-error.ts';
import { createDashboardRoutes } from './dashboard/dashboard-routes.ts';
import { authenticate } from './http/authenticate.ts';
import { beginRequest } from './http/begin-request.ts';
import { callOf } from './http/call.ts';
import { cors } from './http/cors.ts';
import { handleErrors, refuseMethod, refuseUnknownRoute } from './http/handle-errors.ts';
import type { Metrics } from './operational/metrics.ts';
import { createOperationalRoutes, isOpenPath } from './operational/operational-routes.ts';
import { mountOperations } from './rest/mount-operations.ts';
import type { Access } from './session/access.ts';
import { createSessionRoutes, type ServerFacts } from './session/session-routes.ts';
import { serveStream, STREAM_PATH } from './stream/serve-stream.ts';
import { createTrpcHandler, toTrpcError } from './trpc/trpc-handler.ts';

export type AppOptions = {
  readonly router: AnyRouter;
  /** The services that the procedures of the router call. */
  readonly services: Services;
  /** What opens the server; undefined: nothing is needed. */
  readonly access: Access | undefined;
  /** What the dashboard shows about the server. */
  readonly facts: ServerFacts;
  /** Where the builds of the dashboard are. */
  readonly dashboardFolder: string;
  readonly corsOrigins: readonly string[];
  readonly hasPublicMetrics: boolean;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly readiness: () => Readiness;
  /** Age of reads in whole seconds; undefined while they are current. */
  readonly ageSeconds: () => number | undefined;
  readonly isStopping: () => boolean;
};

export const createApp = (options: AppOptions): Express => {
  const { router, ageSeconds, logger } = options;
  const contextOf = createContextOf(options);
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  app.use(admit(options));
  mountOperations(app, { router, contextOf, ageSeconds });
  app
    .route(STREAM_PATH)
    .get(serveStream(contextOf))
    .all(refuseMethod(['GET']));
  app.use('/trpc', createTrpcHandler({ router, contextOf, ageSeconds, logger }));
  app.use(createOperationalRoutes(options));
  app.use(createSessionRoutes(options));
  app.use(createDashboardRoutes(options.dashboardFolder));
  app.use(refuseUnknownRoute);
  app.use('/trpc', handleErrors(logger, toTrpcError));
  app.use(handleErrors(logger));
  return app;
};

const createContextOf =
  ({ services, logger }: AppOptions) =>
  (request: Request): Context => {
    const { requestId, keyHash } = callOf(request);
    return {
      ...services,
      requestId,
      caller: keyHash ?? 'anyone',
      isBatch: false,
      responseHeaders: {},
      audit: (entry) => {
        logger.info({ requestId, key: keyHash, ...entry }, 'audit');
      },
    };
  };

/** What comes before routing: request id, CORS, API key. */
const admit = (options: AppOptions): RequestHandler => {
  const { access, corsOrigins, logger, metrics, isStopping } = options;
  const begin = beginRequest(logger, metrics);
  const handleCors = cors(corsOrigins);
  const checkKey = authenticate(access, isOpenPath(options));
  return (request, response, next) => {
    begin(request, response);
    checkHost(request);
    if (isStopping()) refuseWhileStopping(response);
    if (handleCors(request, response) === 'preflight') return;
    checkKey(request, response);
    next();
  };
};

/** RFC 9112, section 3.2: a request of HTTP/1.1 without Host is refused. */
const checkHost = ({ httpVersion, headers }: Request): void => {
  if (httpVersion === '1.1' && headers.host === undefined)
    throw new WarmpoolError('REQUEST::MALFORMED', 'The request has no Host header.');
};

/** Requests that arrive on open connections are refused, and the connections are closed. */
const refuseWhileStopping = (response: Response): never => {
  response.setHeader('Connection', 'close');
  throw serverIsStopping();
};
