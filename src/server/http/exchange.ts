// The last request of a connection and its answer: what the HTTP parser refuses must not get between them.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

// On the socket itself, as with the call of a request: it costs nothing that a request could feel.
const LAST = Symbol('last exchange');

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };
type Known = Duplex & { [LAST]?: Exchange };

export const noteExchange = (request: IncomingMessage, response: ServerResponse): void => {
  (request.socket as Known)[LAST] = { request, response };
};

/** The last request of a connection, with its answer; undefined when none came through. */
export const lastExchange = (socket: Known): Exchange | undefined => socket[LAST];
