// The first thing that happens to a request: it gets its name, and its end is logged and counted.
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { REQUEST_ID_HEADER } from '../../contract/limits.ts';
import type { Metrics } from '../operation/metrics.ts';
import { beginCall, type Call } from './call.ts';
import { requestIdOf } from './request-id.ts';

const HEADER = REQUEST_ID_HEADER.toLowerCase();

/** One log line and one observation for every request, also when its sender went away before the answer. */
export const beginRequest =
  (logger: Logger, metrics: Metrics): RequestHandler =>
  (request, response, next) => {
    const call: Call = { requestId: requestIdOf(request.headers[HEADER]), startedMs: performance.now() };
    beginCall(request, call);
    response.setHeader(REQUEST_ID_HEADER, call.requestId);
    const [path] = request.originalUrl.split('?');
    response.once('close', () => {
      const durationMs = performance.now() - call.startedMs;
      const operation = call.operation ?? 'none';
      const status = response.writableFinished ? response.statusCode : 499;
      metrics.observeRequest(operation, status, durationMs / 1_000);
      const { requestId, errorCode } = call;
      logger.info(
        {
          requestId,
          method: request.method,
          path,
          operation,
          status,
          code: errorCode,
          durationMs: Math.round(durationMs * 100) / 100,
        },
        'request',
      );
    });
    next();
  };
