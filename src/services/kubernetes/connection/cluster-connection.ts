// The one connection to the API server: shared sockets, current credentials, a deadline on every call, and a note of each.
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  ApiException,
  createConfiguration,
  Observable,
  ResponseContext,
  SelfDecodingBody,
  ServerConfiguration,
  type Configuration,
  type ConfigurationOptions,
  type HttpLibrary,
  type RequestContext,
} from '@kubernetes/client-node';
import { request, type Dispatcher } from 'undici';
import { systemClock, type Clock } from '../../clock.ts';
import type { WarmpoolError } from '../../warmpool-error.ts';
import { toClusterError } from './api-error.ts';
import { createCredentials } from './create-credentials.ts';
import type { Credential, Credentials } from './credential.ts';
import type { KubeConfig } from './kubeconfig.ts';
import { Transport } from './transport.ts';

/** Receives each call: its verb as in RBAC, the HTTP status or `none` without a response, and how long it took. */
export type CallObserver = (verb: string, status: number | 'none', seconds: number) => void;

type ApiConstructor<Api> = new (configuration: Configuration) => Api;
/** A call with the options that carry it over this connection. */
type Send<Result> = (options: ConfigurationOptions) => Promise<Result>;

type Call = {
  readonly verb: string;
  readonly signal: AbortSignal;
  readonly startedMs: number;
  status: number | 'none';
};

type Exchange = { readonly url: string } & Pick<
  Dispatcher.RequestOptions,
  'method' | 'headers' | 'body' | 'bodyTimeout'
>;

const OPENING_DEADLINE_MS = 5_000;

export class ClusterConnection {
  readonly #cluster: KubeConfig['cluster'];
  readonly #headers: Readonly<Record<string, string | string[]>>;
  readonly #credentials: Credentials;
  readonly #transport: Transport;
  readonly #observe: CallObserver | undefined;

  /** Throws KubeConfigError. */
  constructor({ cluster, user }: KubeConfig, observe?: CallObserver, clock: Clock = systemClock) {
    this.#cluster = cluster;
    this.#headers = { ...user.impersonation, 'User-Agent': 'warmpool' };
    this.#credentials = createCredentials({ cluster, user }, clock);
    this.#transport = new Transport(cluster, clock);
    this.#observe = observe;
  }

  /** A typed client of one API group. Its calls go through `call`. */
  client<Api extends object>(api: ApiConstructor<Api>): Api {
    return new api(createConfiguration({ baseServer: new ServerConfiguration(this.#cluster.server, {}) }));
  }

  /** Sends one call. Rejects with a WarmpoolError; its cause is what the API server responded with, if it did. */
  async call<Result>(verb: string, signal: AbortSignal, send: Send<Result>): Promise<Result> {
    if (signal.aborted) throw toClusterError(signal.reason, 'none');
    const call: Call = { verb, signal, startedMs: performance.now(), status: 'none' };
    // In the place of client-node's own, which knows no signal and opens a socket for each call.
    const httpApi: HttpLibrary = { send: (context) => new Observable(this.#read(call, context)) };
    try {
      return await send({ httpApi });
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
    const url = `${this.#cluster.server}${path}?${new URLSearchParams({ ...query, watch: 'true' }).toString()}`;
    try {
      // A watch is quiet for long: its reader decides when it is dead.
      const { statusCode, body } = await this.#request(call, { url, method: 'GET', bodyTimeout: 0 });
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

  /** Sends what a typed client prepared. */
  async #read(call: Call, context: RequestContext): Promise<ResponseContext> {
    const headers = {
      ...context.getHeaders(),
      ...(!this.#cluster.disableCompression && { 'Accept-Encoding': 'gzip' }),
    };
    const sent = context.getBody();
    const body = typeof sent === 'string' ? sent : null;
    const exchange = { url: context.getUrl(), method: context.getHttpMethod(), headers, body };
    const response = await this.#request(call, exchange);
    const bytes = Buffer.from(await response.body.arrayBuffer());
    const text = response.headers['content-encoding'] === 'gzip' ? await promisify(gunzip)(bytes) : bytes;
    const received = Object.entries(response.headers).map(([name, value = '']) => [name, String(value)]);
    return new ResponseContext(
      response.statusCode,
      Object.fromEntries(received),
      new SelfDecodingBody(Promise.resolve(text)),
    );
  }

  /** One request; after a 401 once more, if there is another credential. */
  async #request(call: Call, { url, headers, ...exchange }: Exchange): Promise<Dispatcher.ResponseData> {
    let refused: Credential | undefined;
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const credential = await this.#credentials.get(call.signal, refused);
      if (credential === refused) break;
      const { authorization, pair } = credential;
      const response = await request(url, {
        ...exchange,
        headers: { ...headers, ...this.#headers, ...(authorization !== undefined && { authorization }) },
        dispatcher: this.#transport.dispatcherFor(pair),
        signal: call.signal,
      });
      call.status = response.statusCode;
      if (response.statusCode !== 401) return response;
      await response.body.dump();
      refused = credential;
    }
    throw new ApiException(401, 'The credentials were refused.', undefined, {});
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
