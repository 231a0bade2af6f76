// Responses to what Node's HTTP parser refuses: the same error body and request id as everywhere.
import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { REQUEST_ID_HEADER } from '../../contract/limits.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { newRequestId } from './call.ts';
import { toErrorBody } from './handle-errors.ts';

// A property of the socket, as with the call of a request.
const LAST = Symbol('last exchange');

type Known = Duplex & { [LAST]?: { readonly request: IncomingMessage; readonly response: ServerResponse } };

/** Remembers the last request of a connection and its response: a parser error must not be sent between them. */
export const noteExchange = (request: IncomingMessage, response: ServerResponse): void => {
  (request.socket as Known)[LAST] = { request, response };
};

const errorOf = (code: string | undefined): WarmpoolError => {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new WarmpoolError('REQUEST::HEADERS_TOO_LARGE', 'The request head is larger than 16 KiB.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new WarmpoolError(
      'REQUEST::TIMEOUT',
      'The request was not received in time: 30 s for the head, 60 s in total.',
    );
  return new WarmpoolError('REQUEST::MALFORMED', 'The request is not valid HTTP.');
};

/** Writes an error to a connection and closes it. */
const refuseConnection = (
  socket: Duplex,
  error: WarmpoolError,
  logger: Logger,
  headers: readonly string[] = [],
): void => {
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

export const handleParserErrors = (server: Server, logger: Logger): void => {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Known) => {
    const last = socket[LAST];
    const refuseNow = () => {
      if (socket.writable) refuseConnection(socket, errorOf(error.code), logger);
    };
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    // The response to a complete request is sent first.
    else if (last?.request.complete === true && !last.response.writableFinished) last.response.once('close', refuseNow);
    // A request that got its response before its body ended gets no second one.
    else if (last?.request.complete === false && last.response.headersSent) socket.destroy();
    else refuseNow();
  });
  server.on('connect', (_request, socket) => {
    refuseConnection(socket, new WarmpoolError('REQUEST::METHOD_NOT_ALLOWED', 'CONNECT is not supported.'), logger, [
      'Allow: GET, HEAD, POST, PUT, PATCH, DELETE',
    ]);
  });
};
