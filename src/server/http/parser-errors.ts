// Answers for what Node's HTTP parser refuses before there is a request: same shape, same request id as everywhere.
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
        'The request did not arrive in time: 30 s for the head, 60 s in all.',
      );
    default:
      return new WarmpoolError('REQUEST::MALFORMED', 'The request is not valid HTTP.');
  }
};

/** Writes an error straight to a connection and closes it. */
const refuse = (socket: Duplex, error: WarmpoolError, logger: Logger, headers: readonly string[] = []): void => {
  // The other end may be gone already: its reset must not be an error that nobody handles.
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

/** A request that is complete gets its answer first. One that was answered before its body came gets no second answer. */
const whenAnswered = (socket: Duplex, refuseNow: () => void): void => {
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
      whenAnswered(socket, () => {
        refuse(socket, errorOf(error.code), logger);
      });
  });
  server.on('connect', (_request, socket) => {
    refuse(socket, new WarmpoolError('REQUEST::METHOD_NOT_ALLOWED', 'CONNECT is not possible here.'), logger, [
      'Allow: GET, HEAD, POST, PUT, PATCH, DELETE',
    ]);
  });
};
