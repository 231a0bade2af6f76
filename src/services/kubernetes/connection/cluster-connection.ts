// The one connection to the API server: shared sockets, current credentials, a deadline and a metric for every call.
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ApiException } from '@kubernetes/client-node/dist/gen/apis/exception.js';
import { request, type Dispatcher } from 'undici';
import { systemClock, type Clock } from '../../../lib/clock.ts';
import { parseJson } from '../../../lib/json.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { toClusterError } from './api-error.ts';
import { fileCredentials, type Credential, type CredentialSource } from './credential.ts';
import { execCredentials } from './exec-credentials.ts';
import type { KubeConfig } from './kube-config.ts';
import { openTransport, type Transport } from './transport.ts';

/** Receives each call: its verb as in RBAC, the HTTP status or `none` without a response, and how long it took. */
export type CallObserver = (verb: string, status: number | 'none', seconds: number) => void;

export type ClusterRequest = {
  /** As in RBAC. */
  readonly verb: 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete';
  readonly path: string;
  /** Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Media type of the body. Default: application/json. */
  readonly mediaType?: string;
};

type Call = Omit<ClusterRequest, 'verb'> & { readonly verb: ClusterRequest['verb'] | 'watch' };

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

  /** Returns the JSON of the response. Rejects with a WarmpoolError; its cause is what the API server responded with, if it did. */
  async request(call: ClusterRequest, signal: AbortSignal): Promise<unknown> {
    return this.#call(call, signal, async ({ statusCode, headers, body }) => {
      const bytes = Buffer.from(await body.arrayBuffer());
      const text = (headers['content-encoding'] === 'gzip' ? await promisify(gunzip)(bytes) : bytes).toString();
      const { 'retry-after': retryAfter } = headers;
      const received = typeof retryAfter === 'string' ? { 'retry-after': retryAfter } : {};
      if (statusCode >= 300) throw new ApiException(statusCode, call.verb, text, received);
      const json = parseJson(text);
      if (json !== undefined) return json;
      throw new WarmpoolError('KUBERNETES::POOL_API_ERROR', 'The Kubernetes API server sent invalid JSON.');
    });
  }

  /** Opens a watch as a stream of text. Resolves when the API server has responded with 200; rejects with a WarmpoolError. */
  async watch(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Readable> {
    const call = { verb: 'watch', path, query: { ...query, watch: 'true' } } as const;
    return this.#call(call, signal, async ({ statusCode, body }) => {
      if (statusCode === 200) return body;
      throw new ApiException(statusCode, 'watch', await body.text(), {});
    });
  }

  /** Ends the sockets, and a credential plugin that runs. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#transport.close();
  }

  /** Makes a call and reads its response; after a 401 once more, if there is another credential. */
  async #call<Result>(
    call: Call,
    signal: AbortSignal,
    read: (response: Dispatcher.ResponseData) => Promise<Result>,
  ): Promise<Result> {
    if (signal.aborted) throw toClusterError(signal.reason, 'none');
    const startedMs = performance.now();
    let status: number | 'none' = 'none';
    try {
      const credential = await this.#credential(signal);
      let response = await this.#send(call, credential, signal);
      status = response.statusCode;
      const other = status === 401 ? await this.#credential(signal, credential) : credential;
      if (other !== credential) {
        await response.body.dump();
        response = await this.#send(call, other, signal);
        status = response.statusCode;
      }
      return await read(response);
    } catch (error) {
      throw toClusterError(error, call.verb);
    } finally {
      this.#observe?.(call.verb, status, (performance.now() - startedMs) / 1_000);
    }
  }

  #send(
    { verb, path, query = {}, body, mediaType = 'application/json' }: Call,
    { authorization, pair }: Credential,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const url = new URL(`${this.#cluster.server}${path}`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    const isWatch = verb === 'watch';
    return request(url, {
      method: METHODS[verb] ?? 'GET',
      headers: {
        ...this.#headers,
        Authorization: authorization,
        'Accept-Encoding': isWatch || this.#cluster['disable-compression'] ? undefined : 'gzip',
        'Content-Type': body === undefined ? undefined : mediaType,
      },
      body: JSON.stringify(body),
      dispatcher: this.#transport.dispatcherFor(pair),
      signal,
      // The signal ends a call, and a watch may be quiet for long.
      headersTimeout: isWatch ? OPENING_DEADLINE_MS : 0,
      bodyTimeout: 0,
    });
  }
}
