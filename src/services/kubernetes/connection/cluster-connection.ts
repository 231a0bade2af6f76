// The one connection to the API server: shared sockets, current credentials, a deadline and a metric for every call.
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ApiException } from '@kubernetes/client-node/dist/gen/apis/exception.js';
import { request, type Dispatcher } from 'undici';
import { systemClock, type Clock } from '../../../lib/clock.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { toClusterError } from './api-error.ts';
import type { Credential, Credentials } from './credential.ts';
import { ExecCredentials } from './exec-credentials.ts';
import { FileCredentials } from './file-credentials.ts';
import type { KubeConfig } from './kubeconfig.ts';
import { Transport } from './transport.ts';

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

const METHODS = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
} as const;

type Call = {
  readonly verb: keyof typeof METHODS;
  readonly signal: AbortSignal;
  readonly startedMs: number;
  status: number | 'none';
};

const OPENING_DEADLINE_MS = 5_000;

export class ClusterConnection {
  readonly #cluster: KubeConfig['cluster'];
  readonly #headers: Readonly<Record<string, string | string[]>>;
  readonly #credentials: Credentials;
  readonly #transport: Transport;
  readonly #observe: CallObserver | undefined;

  /** Sends nothing and runs no plugin. Throws KubeConfigError for files and plugins that cannot be used. */
  constructor({ cluster, user }: KubeConfig, observe?: CallObserver, clock: Clock = systemClock) {
    this.#cluster = cluster;
    this.#headers = { ...user.impersonation, 'User-Agent': 'warmpool' };
    const { exec } = user;
    this.#credentials = exec ? new ExecCredentials({ exec, cluster }, clock) : new FileCredentials(user, clock);
    this.#credentials.check();
    this.#transport = new Transport(cluster, clock);
    this.#observe = observe;
  }

  /** Returns the JSON of the response. Rejects with a WarmpoolError; its cause is what the API server responded with, if it did. */
  async request({ verb, path, ...rest }: ClusterRequest, signal: AbortSignal): Promise<unknown> {
    if (signal.aborted) throw toClusterError(signal.reason, 'none');
    const call: Call = { verb, signal, startedMs: performance.now(), status: 'none' };
    try {
      const { statusCode, headers, body } = await this.#send(call, path, rest);
      const bytes = Buffer.from(await body.arrayBuffer());
      const text = (headers['content-encoding'] === 'gzip' ? await promisify(gunzip)(bytes) : bytes).toString();
      const { 'retry-after': retryAfter } = headers;
      const received = typeof retryAfter === 'string' ? { 'retry-after': retryAfter } : {};
      if (statusCode >= 300) throw new ApiException(statusCode, verb, text, received);
      return parseJson(text);
    } catch (error) {
      throw this.#toError(call, error);
    } finally {
      this.#note(call);
    }
  }

  /** Opens a watch as a stream of text. Resolves when the API server has responded with 200; rejects with a WarmpoolError. */
  async watch(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Readable> {
    const opening = new AbortController();
    const deadline = setTimeout(() => {
      opening.abort(new DOMException('The watch did not open.', 'TimeoutError'));
    }, OPENING_DEADLINE_MS);
    const either = AbortSignal.any([signal, opening.signal]);
    const call: Call = { verb: 'watch', signal: either, startedMs: performance.now(), status: 'none' };
    try {
      const { statusCode, body } = await this.#send(call, path, { query: { ...query, watch: 'true' } });
      if (statusCode !== 200) throw new ApiException(statusCode, 'watch', await body.text(), {});
      return body.once('error', (error) => {
        if (error.name === 'TimeoutError') this.#transport.renew(call.startedMs);
      });
    } catch (error) {
      throw this.#toError(call, error);
    } finally {
      clearTimeout(deadline);
      this.#note(call);
    }
  }

  /** Ends every socket, and a credential plugin that runs. */
  async close(): Promise<void> {
    this.#credentials.close();
    await this.#transport.close();
  }

  /** One request; after a 401 once more, if there is another credential. */
  async #send(
    call: Call,
    path: string,
    { query = {}, body, mediaType = 'application/json' }: Pick<ClusterRequest, 'query' | 'body' | 'mediaType'>,
  ): Promise<Dispatcher.ResponseData> {
    const url = new URL(`${this.#cluster.server}${path}`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    const isWatch = call.verb === 'watch';
    const headers = {
      Accept: 'application/json',
      ...(!isWatch && !this.#cluster.disableCompression && { 'Accept-Encoding': 'gzip' }),
      ...(body !== undefined && { 'Content-Type': mediaType }),
      ...this.#headers,
    };
    let refused: Credential | undefined;
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const credential = await this.#credentials.get(call.signal, refused);
      if (credential === refused) break;
      const { authorization, pair } = credential;
      const response = await request(url, {
        method: METHODS[call.verb],
        headers: { ...headers, ...(authorization !== undefined && { authorization }) },
        dispatcher: this.#transport.dispatcherFor(pair),
        signal: call.signal,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        // A watch may be quiet for a long time: its reader decides when it is half-open.
        ...(isWatch && { bodyTimeout: 0 }),
      });
      call.status = response.statusCode;
      if (response.statusCode !== 401) return response;
      await response.body.dump();
      refused = credential;
    }
    throw new ApiException(401, 'The credentials were rejected.', undefined, {});
  }

  #toError(call: Call, error: unknown): WarmpoolError {
    const mapped = toClusterError(error, call.verb);
    if (mapped.code === 'KUBERNETES::TIMEOUT') this.#transport.renew(call.startedMs);
    return mapped;
  }

  #note({ verb, status, startedMs }: Call): void {
    this.#observe?.(verb, status, (performance.now() - startedMs) / 1_000);
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WarmpoolError('KUBERNETES::POOL_API_ERROR', 'The Kubernetes API server sent invalid JSON.', { cause });
  }
};
