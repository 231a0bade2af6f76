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
  /** Code of the error table that was answered. */
  errorCode?: string;
};

const calls = new WeakMap<IncomingMessage, Call>();

export const beginCall = (request: IncomingMessage, call: Call): void => {
  calls.set(request, call);
};

/** The call of a request. Every request has one: `beginCall` is the first thing that happens to it. */
export const callOf = (request: IncomingMessage): Call => {
  const call = calls.get(request);
  if (call === undefined) throw new Error('The request was not begun.');
  return call;
};
