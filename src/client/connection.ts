// Sends requests to the server, with the API key and without following redirects; a missing response is a client error.
import { WarmpoolClientError } from './client-error.ts';

export type Connection = {
  /** URL of the server's tRPC endpoint. */
  readonly endpoint: string;
  /** The option `headers`, and the API key if there is one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
};

/**
 * Fetches with the headers of the connection. Redirects are not followed, because `fetch` would send the API key to
 * another host. Throws CLIENT::UNREACHABLE.
 */
export const send = async (
  connection: Connection,
  url: string | URL | Request,
  init: RequestInit,
): Promise<Response> => {
  const headers = new Headers(connection.headers);
  new Headers(init.headers).forEach((value, name) => {
    headers.set(name, value);
  });
  try {
    return await fetch(url, { ...init, headers, redirect: 'manual' });
  } catch (cause) {
    throw unreachable(connection, cause);
  }
};

export const unreachable = ({ endpoint }: Connection, cause: unknown): WarmpoolClientError =>
  new WarmpoolClientError('CLIENT::UNREACHABLE', {
    message: `No complete response from ${endpoint}: ${rootMessage(cause)}.`,
    cause,
  });

/** The message of Node's fetch is "fetch failed"; the reason is in the innermost cause. */
const rootMessage = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? rootMessage(error.cause) : error.message;
};

export const timedOut = ({ endpoint, timeoutMs }: Connection, cause: unknown): WarmpoolClientError =>
  new WarmpoolClientError('CLIENT::TIMEOUT', {
    message: `No complete response from ${endpoint} within ${timeoutMs} ms.`,
    cause,
  });

/** An input with a BigInt or a cycle, the only calls that fail before anything is sent. */
export const notSerializable = (cause: Error): WarmpoolClientError =>
  new WarmpoolClientError('REQUEST::MALFORMED', {
    message: `The input cannot be serialized as JSON: ${cause.message}.`,
    cause,
  });
