// The last request of a connection and its response: an error of the HTTP parser must not be sent between them.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

// A property of the socket, as with the call of a request.
const LAST = Symbol('last exchange');

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };
type Known = Duplex & { [LAST]?: Exchange };

export const noteExchange = (request: IncomingMessage, response: ServerResponse): void => {
  (request.socket as Known)[LAST] = { request, response };
};

/** The last request of a connection, with its response; undefined before the first one. */
export const lastExchange = (socket: Known): Exchange | undefined => socket[LAST];
