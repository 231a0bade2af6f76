// Logs errors of the server itself.
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from './call.ts';

/** Logs an error with status 500 and its cause. The client can fix the others itself. */
export const logFailure = (logger: Logger, request: IncomingMessage, error: WarmpoolError): void => {
  if (error.status !== 500) return;
  const { requestId } = callOf(request);
  logger.error({ requestId, code: error.code, err: error.cause ?? error }, error.message);
};
