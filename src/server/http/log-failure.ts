// What the server itself did wrong, in its log with the cause.
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from './call.ts';

/** Logs an error that is answered with 500. The others say what they are about, and are no fault of the server. */
export const logFailure = (logger: Logger, request: IncomingMessage, error: WarmpoolError): void => {
  if (error.status !== 500) return;
  const { requestId } = callOf(request);
  logger.error({ requestId, code: error.code, err: error.cause ?? error }, error.message);
};
