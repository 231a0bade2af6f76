// The Express application: what happens to a request, in the order that docs/api.md promises.
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import type { Logger } from 'pino';
import type { Context } from '../router/trpc.ts';
import type { PoolUseCases } from '../services/pools/pool-service.ts';
import type { StreamUseCases } from '../services/stream/pool-stream.ts';
import { WarmpoolError } from '../services/warmpool-error.ts';
import { authenticate } from './http/authenticate.ts';
import { beginRequest } from './http/begin-request.ts';
import { callOf } from './http/call.ts';
import { cors } from './http/cors.ts';
import { handleErrors, refuseUnknownRoute } from './http/handle-errors.ts';
import { refuseMethod } from './http/method-not-allowed.ts';
import type { Metrics } from './operational/metrics.ts';
import { createOperationalRoutes, isOpenPath } from './operational/operational-routes.ts';
import type { Readiness } from '../contract/health.ts';
import { mountOperations } from './rest/mount-operations.ts';
import { serveStream, STREAM_PATH } from './stream/serve-stream.ts';
import { createTrpcHandler, toTrpcError } from './trpc/trpc-handler.ts';

export type AppOptions = {
  readonly pools: PoolUseCases;
  readonly stream: Pick<StreamUseCases, 'open'>;
  /** The OpenAPI document, as /openapi.json answers it. */
  readonly document: object;
  /** The key that callers must send; undefined: the server is open. */
  readonly apiKey: string | undefined;
  readonly corsOrigins: readonly string[];
  readonly hasPublicMetrics: boolean;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly readiness: () => Readiness;
  /** How old reads may be, in whole seconds; undefined while they are not. */
  readonly ageSeconds: () => number | undefined;
  readonly isStopping: () => boolean;
};

export const createApp = (options: AppOptions): Express => {
  const { pools, stream, apiKey, corsOrigins, metrics, logger, isStopping, ageSeconds } = options;
  const contextOf = (request: Request): Context => {
    const { requestId, keyHash } = callOf(request);
    return {
      pools,
      stream,
      requestId,
      caller: keyHash ?? 'anyone',
      noteReplay: () => {
        request.res?.setHeader('Idempotency-Replayed', 'true');
      },
      audit: (entry) => {
        logger.info({ requestId, key: keyHash, ...entry }, 'audit');
      },
    };
  };
  const begin = beginRequest(logger, (operation, status, seconds) => {
    metrics.observeRequest(operation, status, seconds);
  });
  const answerCors = cors(corsOrigins);
  const checkKey = authenticate({ apiKey, isOpen: isOpenPath(options) });
  const admit: RequestHandler = (request, response, next) => {
    begin(request, response);
    checkHost(request);
    if (isStopping()) refuseWhileStopping(response);
    if (answerCors(request, response) === 'answered') return;
    checkKey(request);
    next();
  };

  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  app.use(admit);
  mountOperations(app, '', { contextOf, ageSeconds });
  mountOperations(app, '/v1', { contextOf, ageSeconds });
  app
    .route(STREAM_PATH)
    .get(serveStream({ contextOf }))
    .all(refuseMethod(['GET']));
  app.use('/trpc', createTrpcHandler({ contextOf, ageSeconds, logger }));
  app.use(createOperationalRoutes(options));
  app.use(refuseUnknownRoute);
  app.use('/trpc', handleErrors(logger, toTrpcError));
  app.use(handleErrors(logger));
  return app;
};

/** RFC 9112, section 3.2: a request of HTTP/1.1 without Host is refused. */
const checkHost = ({ httpVersion, headers }: Request): void => {
  if (httpVersion === '1.1' && headers.host === undefined)
    throw new WarmpoolError('REQUEST::MALFORMED', 'The request has no Host header.');
};

/** What arrives on connections that are still open is refused, and they are closed. */
const refuseWhileStopping = (response: Response): never => {
  response.setHeader('Connection', 'close');
  throw new WarmpoolError('SERVER::SHUTTING_DOWN', 'The server is stopping. Send the request again in a moment.', {
    reasons: ['The server is stopping.'],
  });
};
