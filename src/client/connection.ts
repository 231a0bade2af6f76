// How requests reach the server: with the API key, never redirected, and with an error of ours where no answer comes.
import { WarmpoolClientError } from './client-error.ts';

export type Connection = {
  /** URL of the server's tRPC endpoint. */
  readonly endpoint: string;
  /** Has the API key, where there is one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
};

/**
 * Fetches with the headers of the connection. Redirects are not followed: `fetch` would take the API key along to another
 * host. Throws CLIENT::UNREACHABLE.
 */
export const send = async (connection: Connection, url: string | URL, init: RequestInit): Promise<Response> => {
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(connection.headers)) headers.set(name, value);
  try {
    return await fetch(url, { ...init, headers, redirect: 'manual' });
  } catch (cause) {
    throw unreachable(connection, cause);
  }
};

export const unreachable = ({ endpoint }: Connection, cause: unknown): WarmpoolClientError =>
  new WarmpoolClientError('CLIENT::UNREACHABLE', {
    message: `No whole answer from ${endpoint}: ${rootMessage(cause)}.`,
    cause,
  });

/** Node's fetch says no more than "fetch failed": why is in the innermost cause. */
const rootMessage = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? rootMessage(error.cause) : error.message;
};

export const timedOut = ({ endpoint, timeoutMs }: Connection, cause: unknown): WarmpoolClientError =>
  new WarmpoolClientError('CLIENT::TIMEOUT', {
    message: `No whole answer from ${endpoint} within ${timeoutMs} ms.`,
    cause,
  });

/** The one thing that fails before anything is sent: an input with a BigInt or a cycle in it. */
export const unsendable = (cause: Error): WarmpoolClientError =>
  new WarmpoolClientError('REQUEST::MALFORMED', {
    message: `The input cannot be written as JSON: ${cause.message}.`,
    cause,
  });
