// The client: a function for each procedure of the router, over HTTP and server-sent events.
import { createTRPCClient, splitLink, type TRPCClient } from '@trpc/client';
import { API_KEY_HEADER, INT32_MAX } from '../contract/limits.ts';
import type { AppRouter } from '../router/app-router.ts';
import { createCallLink } from './call-link.ts';
import type { Connection } from './connection.ts';
import { createSubscriptionLink } from './subscription-link.ts';
import { createWithClaim, type WithClaim } from './with-claim.ts';

export type WarmpoolClientOptions = {
  /** URL of the server: http or https, with the path prefix of a proxy if there is one. */
  readonly url: string | URL;
  /** Sent in a header of every request, never in a URL. Default: none, for a server without a key. */
  readonly apiKey?: string | undefined;
  /**
   * More headers of every request, for a proxy or a session. The client's own headers take precedence, and the API key has
   * an option of its own. Default: none.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Maximum duration in milliseconds of a query or mutation, which then rejects with CLIENT::TIMEOUT, and of a
   * subscription's attempt to connect, which is then retried. `waitSeconds` of a claim is added. An open subscription has
   * no limit. Greater than 0, at most 2147483647. Default 30000.
   */
  readonly timeoutMs?: number | undefined;
};

/** `client.pools.get.query({ name })`, `client.pools.create.mutate(pool)`, `client.pools.watch.subscribe(input, observer)`. */
export type WarmpoolClient = TRPCClient<AppRouter> & {
  /** `client.withClaim('agents', async (claim, { signal }) => …, { waitSeconds: 30 })`. */
  readonly withClaim: WithClaim;
};

const TIMEOUT_DEFAULT_MS = 30_000;

/**
 * Creates a client. It opens no connection before the first call. Calls reject with a WarmpoolClientError, and `onError`
 * of subscriptions receives one. Throws TypeError or RangeError for an invalid option.
 */
export const createWarmpoolClient = (options: WarmpoolClientOptions): WarmpoolClient => {
  const connection: Connection = {
    endpoint: endpointOf(options.url),
    headers: headersOf(options),
    timeoutMs: checkTimeout(options.timeoutMs ?? TIMEOUT_DEFAULT_MS),
  };
  const client = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: createSubscriptionLink(connection),
        false: createCallLink(connection),
      }),
    ],
  });
  const withClaim = createWithClaim(client);
  // The client of tRPC is a proxy that treats every property as a router.
  return new Proxy(client, {
    get: (target, name, receiver): unknown => (name === 'withClaim' ? withClaim : Reflect.get(target, name, receiver)),
  }) as WarmpoolClient;
};

const endpointOf = (url: string | URL): string => {
  const { protocol, origin, pathname } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError('url: must start with http:// or https://.');
  return `${origin}${pathname.replace(/\/*$/, '/trpc')}`;
};

const headersOf = ({ apiKey, headers = {} }: WarmpoolClientOptions): Connection['headers'] => {
  if (Object.keys(headers).some((name) => name.toLowerCase() === API_KEY_HEADER.toLowerCase()))
    throw new TypeError(`headers: must not contain ${API_KEY_HEADER}. Use the option apiKey.`);
  checkHeaders('headers', headers);
  if (apiKey === undefined) return headers;
  const withKey = { [API_KEY_HEADER]: apiKey };
  checkHeaders('apiKey', withKey);
  return { ...headers, ...withKey };
};

const checkHeaders = (option: 'apiKey' | 'headers', headers: Connection['headers']): void => {
  try {
    new Headers(headers);
  } catch {
    // The original message contains the value, which may be a secret.
    throw new TypeError(`${option}: must not contain characters that are not allowed in an HTTP header.`);
  }
};

const checkTimeout = (timeoutMs: number): number => {
  if (timeoutMs > 0 && timeoutMs <= INT32_MAX) return timeoutMs;
  throw new RangeError(`timeoutMs: must be greater than 0 and at most ${INT32_MAX}.`);
};
