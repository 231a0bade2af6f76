// The client: one function of each procedure of the router, over HTTP and server-sent events.
import { createTRPCClient, splitLink, type TRPCClient } from '@trpc/client';
import { API_KEY_HEADER, INT32_MAX } from '../contract/limits.ts';
import type { AppRouter } from '../router/app-router.ts';
import { createCallLink } from './call-link.ts';
import type { Connection } from './connection.ts';
import { createSubscriptionLink } from './subscription-link.ts';

export type WarmpoolClientOptions = {
  /** Where the server is: http or https, with the path prefix of a proxy where there is one. */
  readonly url: string | URL;
  /** Sent in a header of every request, never in a URL. Default: none, for a server that is open. */
  readonly apiKey?: string | undefined;
  /**
   * After how many milliseconds a query or a mutation ends with CLIENT::TIMEOUT, and an attempt of a subscription to
   * connect is given up and made again. More than 0, at most 2147483647. Default 30000. An open subscription has no end.
   */
  readonly timeoutMs?: number | undefined;
};

/** `client.pools.get.query({ name })`, `client.pools.create.mutate(pool)`, `client.pools.watch.subscribe(input, observer)`. */
export type WarmpoolClient = TRPCClient<AppRouter>;

const TIMEOUT_DEFAULT_MS = 30_000;

/**
 * Makes a client. It opens no connection before the first call. What calls reject with, and what subscriptions give to
 * `onError`, is a WarmpoolClientError. Throws TypeError or RangeError for an option that cannot be used.
 */
export const createWarmpoolClient = (options: WarmpoolClientOptions): WarmpoolClient => {
  const connection: Connection = {
    endpoint: endpointOf(options.url),
    headers: headersOf(options.apiKey),
    timeoutMs: checkTimeout(options.timeoutMs ?? TIMEOUT_DEFAULT_MS),
  };
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: createSubscriptionLink(connection),
        false: createCallLink(connection),
      }),
    ],
  });
};

const endpointOf = (url: string | URL): string => {
  const { protocol, origin, pathname } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError('url must begin with http:// or https://.');
  return `${origin}${pathname.replace(/\/*$/, '/trpc')}`;
};

const headersOf = (apiKey: string | undefined): Connection['headers'] => {
  if (apiKey === undefined) return {};
  const headers = { [API_KEY_HEADER]: apiKey };
  try {
    new Headers(headers);
  } catch {
    // The original message shows the key.
    throw new TypeError('apiKey has a character that a header cannot carry.');
  }
  return headers;
};

const checkTimeout = (timeoutMs: number): number => {
  if (timeoutMs > 0 && timeoutMs <= INT32_MAX) return timeoutMs;
  throw new RangeError(`timeoutMs must be more than 0 and at most ${INT32_MAX}.`);
};
