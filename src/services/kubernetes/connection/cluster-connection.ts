// The one connection to the API server: shared sockets, current credentials, a deadline and a metric for every call.
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ApiException } from '@kubernetes/client-node/dist/gen/apis/exception.js';
import { request, type Dispatcher, type WebSocket } from 'undici';
import { z } from 'zod';
import { systemClock, type Clock } from '../../../lib/clock.ts';
import { parseJson } from '../../../lib/json.ts';
import { toClusterError, toCredentialError } from './api-error.ts';
import { fileCredentials, type Credential, type CredentialSource } from './credential.ts';
import { execCredentials } from './exec-credentials.ts';
import type { KubeConfig } from './kube-config.ts';
import { openTransport, type Transport } from './transport.ts';
import { openWebSocket } from './web-socket.ts';

/** Receives each call: its verb as in RBAC, the HTTP status or `none` without a response, and how long it took. */
export type CallObserver = (verb: string, status: number | 'none', seconds: number) => void;

export type ClusterRequest = {
  /** As in RBAC. */
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';
  readonly path: string;
  /** Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Media type of the body. Default: application/json. */
  readonly mediaType?: string;
};

/** Reads a successful response. */
export type ResponseReader<Result> = (response: Dispatcher.ResponseData) => Promise<Result>;

type Authentication = { readonly credential: Credential; readonly dispatcher: Dispatcher };

/** Of the verbs that write; the others are a GET. */
const METHODS: Partial<Record<string, string>> = { create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE' };

/** How long a watch may take to open, in milliseconds. */
const OPENING_DEADLINE_MS = 5_000;

export class ClusterConnection {
  readonly #cluster: KubeConfig['cluster'];
  readonly #headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly #credential: CredentialSource;
  readonly #transport: Transport;
  readonly #observe: CallObserver | undefined;
  readonly #stop = new AbortController();

  /** Sends nothing and runs no plugin. Throws KubeConfigError for files and plugins that cannot be used. */
  constructor({ cluster, user }: KubeConfig, observe?: CallObserver, clock: Clock = systemClock) {
    this.#cluster = cluster;
    this.#headers = { ...user.impersonation, Accept: 'application/json', 'User-Agent': 'warmpool' };
    const { exec } = user;
    this.#credential = exec ? execCredentials({ exec, cluster }, this.#stop.signal, clock) : fileCredentials(user);
    this.#transport = openTransport(cluster);
    this.#observe = observe;
  }

  /**
   * Makes a call and reads its response, by default any JSON object. After a 401 it is repeated once if there is another credential.
   * Rejects with a WarmpoolError; its cause is what the API server responded with, if it did.
   */
  async request(call: ClusterRequest, signal: AbortSignal): Promise<unknown>;
  async request<Result>(call: ClusterRequest, signal: AbortSignal, read: ResponseReader<Result>): Promise<Result>;
  async request(call: ClusterRequest, signal: AbortSignal, read: ResponseReader<unknown> = readAny): Promise<unknown> {
    const { verb, body, mediaType = 'application/json' } = call;
    const isWatch = verb === 'watch';
    return this.#authenticated(verb, signal, async ({ credential, dispatcher }, note) => {
      const response = await request(this.#urlOf(call), {
        method: METHODS[verb] ?? 'GET',
        headers: {
          ...this.#headers,
          Authorization: credential.authorization,
          'Accept-Encoding': isWatch || this.#cluster['disable-compression'] ? undefined : 'gzip',
          'Content-Type': body === undefined ? undefined : mediaType,
        },
        body: JSON.stringify(body),
        dispatcher,
        signal,
        // The signal ends a call, and a watch may be quiet for a long time.
        headersTimeout: isWatch ? OPENING_DEADLINE_MS : 0,
        bodyTimeout: 0,
      });
      note(response.statusCode);
      if (response.statusCode < 300) return read(response);
      // This reads the response: a socket whose response is not read stays occupied.
      throw await toException(verb, response);
    });
  }

  /** Opens a watch as a stream of text. Resolves when the API server has responded; rejects with a WarmpoolError. */
  watch(path: string, query: ClusterRequest['query'], signal: AbortSignal): Promise<Readable> {
    const call = { verb: 'watch', path, query: { ...query, watch: 'true' } } as const;
    return this.request(call, signal, ({ body }) => Promise.resolve(body));
  }

  /**
   * Opens a WebSocket of a subprotocol; `signal` ends it at any time. Counts as a `create`, the permission that it needs.
   * Rejects with a WarmpoolError.
   */
  openWebSocket(path: string, protocol: string, signal: AbortSignal): Promise<WebSocket> {
    const url = this.#urlOf({ path });
    return this.#authenticated('create', signal, async ({ credential, dispatcher }, note) => {
      const headers = { ...this.#headers, Authorization: credential.authorization };
      try {
        const webSocket = await openWebSocket({ url, protocol, headers, dispatcher, signal });
        note(101);
        return webSocket;
      } catch (error) {
        if (error instanceof ApiException) note(error.code);
        throw error;
      }
    });
  }

  /** Closes the sockets, and stops a running credential plugin. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#transport.close();
  }

  /** Makes a call with the current credential; after a 401 once more if there is another one. */
  async #authenticated<Result>(
    verb: ClusterRequest['verb'],
    signal: AbortSignal,
    attempt: (authentication: Authentication, note: (status: number) => void) => Promise<Result>,
  ): Promise<Result> {
    if (signal.aborted) throw toClusterError(signal.reason, 'none');
    const startedMs = performance.now();
    let status: number | 'none' = 'none';
    let refused: Credential | undefined;
    try {
      for (;;) {
        const authentication = await this.#authenticate(signal, refused);
        if (authentication.credential === refused) throw new ApiException(401, verb, undefined, {});
        try {
          return await attempt(authentication, (its) => (status = its));
        } catch (error) {
          if (refused !== undefined || !(error instanceof ApiException) || error.code !== 401) throw error;
          refused = authentication.credential;
        }
      }
    } catch (error) {
      throw toClusterError(error, verb);
    } finally {
      this.#observe?.(verb, status, (performance.now() - startedMs) / 1_000);
    }
  }

  /** The current credential, and the sockets for it. Rejects with a WarmpoolError that says that nothing was sent. */
  async #authenticate(signal: AbortSignal, refused: Credential | undefined): Promise<Authentication> {
    try {
      const credential = await this.#credential(signal, refused);
      return { credential, dispatcher: this.#transport.dispatcherFor(credential.pair) };
    } catch (error) {
      throw toCredentialError(error);
    }
  }

  #urlOf({ path, query = {} }: Pick<ClusterRequest, 'path' | 'query'>): URL {
    const url = new URL(`${this.#cluster.server}${path}`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    return url;
  }
}

const readText = async ({ headers, body }: Dispatcher.ResponseData): Promise<string> => {
  const bytes = Buffer.from(await body.arrayBuffer());
  return (headers['content-encoding'] === 'gzip' ? await promisify(gunzip)(bytes) : bytes).toString();
};

/** A reader that parses the response by the schema; what the schema rejects is an error of the call. */
export const jsonReader =
  <T>(schema: z.ZodType<T>): ResponseReader<T> =>
  async (response) =>
    schema.parse(parseJson(await readText(response)));

const readAny = jsonReader(z.looseObject({}));

const toException = async (verb: string, response: Dispatcher.ResponseData): Promise<ApiException<string>> => {
  const { 'retry-after': retryAfter } = response.headers;
  const headers = typeof retryAfter === 'string' ? { 'retry-after': retryAfter } : undefined;
  return new ApiException(response.statusCode, verb, await readText(response), headers ?? {});
};
