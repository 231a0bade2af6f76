// What is known of a request while it is served: who sent it, how it is named in logs and metrics.
import type { IncomingMessage } from 'node:http';

export type Call = {
  readonly requestId: string;
  /** When its head was read, in milliseconds of `performance.now()`. */
  readonly startedMs: number;
  /** Name of the operation in logs and metrics; known once the route is. */
  operation?: string;
  /** Short hash that names the API key in the audit log; known once the key was checked. */
  keyHash?: string;
  /** Whether it is answered by a stream, which ends when one of both sides wants. */
  isStream?: boolean;
  /** Code of the error table that was answered. */
  errorCode?: string;
};

// On the request itself: a WeakMap of all requests costs the garbage collector more than the requests do.
const CALL = Symbol('call');

type Begun = IncomingMessage & { [CALL]?: Call };

export const beginCall = (request: Begun, call: Call): void => {
  request[CALL] = call;
};

/** The call of a request. Every request has one: `beginCall` is the first thing that happens to it. */
export const callOf = (request: Begun): Call => {
  const call = request[CALL];
  if (call === undefined) throw new Error('The request was not begun.');
  return call;
};
