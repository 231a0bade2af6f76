// Responses to what Node's HTTP parser refuses: the same error body and request id as everywhere.
import { STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { REQUEST_ID_HEADER } from '../../contract/limits.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { lastExchange } from './exchange.ts';
import { newRequestId } from './request-id.ts';
import { toErrorBody } from './send.ts';

const errorOf = (code: string | undefined): WarmpoolError => {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new WarmpoolError('REQUEST::HEADERS_TOO_LARGE', 'The request head is larger than 16 KiB.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new WarmpoolError(
        'REQUEST::TIMEOUT',
        'The request was not received in time: 30 s for the head, 60 s in total.',
      );
    default:
      return new WarmpoolError('REQUEST::MALFORMED', 'The request is not valid HTTP.');
  }
};

/** Writes an error to a connection and closes it. */
const refuse = (socket: Duplex, error: WarmpoolError, logger: Logger, headers: readonly string[] = []): void => {
  // The client may have disconnected: its reset must not be an unhandled error.
  socket.on('error', () => socket.destroy());
  const requestId = newRequestId();
  const body = JSON.stringify(toErrorBody(error, requestId));
  logger.info({ requestId, operation: 'none', status: error.status, code: error.code }, 'request');
  socket.end(
    [
      `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `${REQUEST_ID_HEADER}: ${requestId}`,
      'Connection: close',
      ...headers,
      '',
      body,
    ].join('\r\n'),
  );
};

/** Waits for the response to a complete request. A request that got its response before its body ended gets no second one. */
const afterResponse = (socket: Duplex, refuseNow: () => void): void => {
  const last = lastExchange(socket);
  if (last === undefined) refuseNow();
  else if (last.request.complete && !last.response.writableFinished)
    last.response.once('close', () => {
      if (socket.writable) refuseNow();
    });
  else if (!last.request.complete && last.response.headersSent) socket.destroy();
  else refuseNow();
};

export const answerParserErrors = (server: Server, logger: Logger): void => {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else
      afterResponse(socket, () => {
        refuse(socket, errorOf(error.code), logger);
      });
  });
  server.on('connect', (_request, socket) => {
    refuse(socket, new WarmpoolError('REQUEST::METHOD_NOT_ALLOWED', 'CONNECT is not supported.'), logger, [
      'Allow: GET, HEAD, POST, PUT, PATCH, DELETE',
    ]);
  });
};
