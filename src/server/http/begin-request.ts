// The start of every request: its id, and the log line and measurement at its end.
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { REQUEST_ID_HEADER } from '../../contract/limits.ts';
import { beginCall, requestIdOf, type Call } from './call.ts';
import { noteExchange } from './parser-errors.ts';

/** Status in access logs of a request whose client disconnected before the response (nginx). */
const CLIENT_CLOSED_REQUEST = 499;

const HEADER = REQUEST_ID_HEADER.toLowerCase();

/** Receives every request at its end: HTTP status and duration. */
type RequestObserver = { observeRequest(operation: string, status: number, seconds: number): void };

/** Begins a request. Each is logged and observed once, even when its client disconnects before the response. */
export const beginRequest =
  (logger: Logger, observer: RequestObserver) =>
  (request: Request, response: Response): void => {
    const call: Call = { requestId: requestIdOf(request.headers[HEADER]), startedMs: performance.now() };
    beginCall(request, call);
    noteExchange(request, response);
    response.setHeader(REQUEST_ID_HEADER, call.requestId);
    response.once('close', () => {
      const durationMs = performance.now() - call.startedMs;
      const { requestId, operation = 'none', errorCode: code, isStream = false } = call;
      const status = response.writableFinished || isStream ? response.statusCode : CLIENT_CLOSED_REQUEST;
      observer.observeRequest(operation, status, durationMs / 1_000);
      const { method, originalUrl } = request;
      const path = originalUrl.split('?', 1)[0];
      logger.info(
        { requestId, method, path, operation, status, code, durationMs: Math.round(durationMs * 100) / 100 },
        'request',
      );
    });
  };
