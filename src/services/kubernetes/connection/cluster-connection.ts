// The one connection to the API server: shared sockets, current credentials, a deadline on every call, and a note of each.
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  ApiException,
  createConfiguration,
  HttpMethod,
  Observable,
  RequestContext,
  ResponseContext,
  SelfDecodingBody,
  ServerConfiguration,
  type Configuration,
  type ConfigurationOptions,
  type HttpLibrary,
} from '@kubernetes/client-node';
import { request, type Dispatcher } from 'undici';
import { systemClock, type Clock } from '../../../lib/clock.ts';
import type { WarmpoolError } from '../../warmpool-error.ts';
import { toClusterError } from './api-error.ts';
import type { Credential, Credentials } from './credential.ts';
import { ExecCredentials } from './exec-credentials.ts';
import { FileCredentials } from './file-credentials.ts';
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
      const { statusCode, body } = await this.#request(call, new RequestContext(url, HttpMethod.GET));
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

  /** Sends what a typed client prepared, and reads the response. */
  async #read(call: Call, context: RequestContext): Promise<ResponseContext> {
    if (!this.#cluster.disableCompression) context.setHeaderParam('Accept-Encoding', 'gzip');
    const { statusCode, headers, body } = await this.#request(call, context);
    const bytes = Buffer.from(await body.arrayBuffer());
    const text = headers['content-encoding'] === 'gzip' ? await promisify(gunzip)(bytes) : bytes;
    const received = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    return new ResponseContext(statusCode, received, new SelfDecodingBody(Promise.resolve(text)));
  }

  /** One request; after a 401 once more, if there is another credential. */
  async #request(call: Call, context: RequestContext): Promise<Dispatcher.ResponseData> {
    const body = context.getBody();
    let refused: Credential | undefined;
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const credential = await this.#credentials.get(call.signal, refused);
      if (credential === refused) break;
      const { authorization, pair } = credential;
      const response = await request(context.getUrl(), {
        method: context.getHttpMethod(),
        headers: { ...context.getHeaders(), ...this.#headers, ...(authorization !== undefined && { authorization }) },
        dispatcher: this.#transport.dispatcherFor(pair),
        signal: call.signal,
        ...(typeof body === 'string' && { body }),
        // A watch is quiet for long: its reader decides when it is dead.
        ...(call.verb === 'watch' && { bodyTimeout: 0 }),
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
