// The first thing that happens to a request: it gets its name, and its end is logged and counted.
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { REQUEST_ID_HEADER } from '../../contract/limits.ts';
import type { Metrics } from '../operational/metrics.ts';
import { beginCall, type Call } from './call.ts';
import { noteExchange } from './exchange.ts';
import { requestIdOf } from './request-id.ts';

/** What access logs call a request whose sender went away before the answer. */
const CLIENT_CLOSED_REQUEST = 499;

const HEADER = REQUEST_ID_HEADER.toLowerCase();

/** Begins a request: one log line and one observation for each, also when its sender went away before the answer. */
export const beginRequest =
  (logger: Logger, metrics: Metrics) =>
  (request: Request, response: Response): void => {
    const call: Call = { requestId: requestIdOf(request.headers[HEADER]), startedMs: performance.now() };
    beginCall(request, call);
    noteExchange(request, response);
    response.setHeader(REQUEST_ID_HEADER, call.requestId);
    response.once('close', () => {
      const durationMs = performance.now() - call.startedMs;
      const { requestId, operation = 'none', errorCode: code, isStream = false } = call;
      const status = response.writableFinished || isStream ? response.statusCode : CLIENT_CLOSED_REQUEST;
      metrics.observeRequest(operation, status, durationMs / 1_000);
      const { method, originalUrl } = request;
      const path = originalUrl.split('?', 1)[0];
      logger.info(
        { requestId, method, path, operation, status, code, durationMs: Math.round(durationMs * 100) / 100 },
        'request',
      );
    });
  };
