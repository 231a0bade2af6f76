// What is known about a request while it is served: its id, its operation, its client.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export type Call = {
  readonly requestId: string;
  /** When its head was received, in milliseconds of `performance.now()`. */
  readonly startedMs: number;
  /** Name of the operation in logs and metrics, from the route. */
  operation?: string;
  /** Short hash of the API key, for the audit log; set when the key is valid. */
  keyHash?: string;
  /** Whether the response is a stream, which either side may end. */
  isStream?: boolean;
  /** Error code of the response. */
  errorCode?: string;
};

// A property of the request: a WeakMap of all requests costs the garbage collector more than the requests do.
const CALL = Symbol('call');

type Begun = IncomingMessage & { [CALL]?: Call };

export const beginCall = (request: Begun, call: Call): void => {
  request[CALL] = call;
};

/** The call of a request. `beginCall` has set it before any other handler runs. */
export const callOf = (request: Begun): Call => {
  const call = request[CALL];
  if (call === undefined) throw new Error('beginCall was not called for this request.');
  return call;
};

const USABLE = /^[\x21-\x7e]{1,128}$/;

/** The given id, trimmed, if it has 1 to 128 visible ASCII characters; otherwise 32 hexadecimal digits. */
export const requestIdOf = (given: string | string[] | undefined): string => {
  const trimmed = typeof given === 'string' ? given.trim() : '';
  return USABLE.test(trimmed) ? trimmed : newRequestId();
};

/** A random UUID without its dashes: Node caches entropy for UUIDs, which costs a tenth of random bytes per call. */
export const newRequestId = (): string => randomUUID().replaceAll('-', '');
