// The one connection to the API server: shared sockets, a deadline on every call, and a note of each.
import {
  ApiException,
  HttpMethod,
  Observable,
  RequestContext,
  type ResponseContext,
  type Configuration,
  type ConfigurationOptions,
  type KubeConfig,
} from '@kubernetes/client-node';
import type { Readable } from 'node:stream';
import { Agent, request, type Dispatcher } from 'undici';
import { toClusterError } from './api-error.ts';

/** Told of each call: its verb as in RBAC, the HTTP status or `none` where no answer came, and how long it took. */
export type CallObserver = (verb: string, status: number | 'none', seconds: number) => void;

type ApiConstructor<Api> = new (configuration: Configuration) => Api;
/** A call with the options that carry signal and sockets. */
type Send<Result> = (options: ConfigurationOptions) => Promise<Result>;

export class ClusterConnection {
  readonly #kubeConfig: KubeConfig;
  readonly #observe: CallObserver | undefined;
  #dispatcher: Promise<Dispatcher> | undefined;

  constructor(kubeConfig: KubeConfig, observe?: CallObserver) {
    this.#kubeConfig = kubeConfig;
    this.#observe = observe;
  }

  /** A typed client of one API group. Its calls go through `call`. */
  client<Api extends object>(api: ApiConstructor<Api>): Api {
    return this.#kubeConfig.makeApiClient(api);
  }

  /** Sends one call. Rejects with a WarmpoolError; its cause is what the API server answered, where it did. */
  async call<Result>(verb: string, signal: AbortSignal, send: Send<Result>): Promise<Result> {
    const startedMs = performance.now();
    let status: number | 'none' = 'none';
    try {
      signal.throwIfAborted();
      const dispatcher = await this.#sockets();
      return await send({
        middlewareMergeStrategy: 'append',
        middleware: [
          {
            pre: (context) => {
              context.setSignal(signal);
              context.setDispatcher(dispatcher);
              return new Observable(Promise.resolve(context));
            },
            post: (response: ResponseContext) => {
              status = response.httpStatusCode;
              return new Observable(Promise.resolve(response));
            },
          },
        ],
      });
    } catch (error) {
      throw toClusterError(error, verb);
    } finally {
      this.#observe?.(verb, status, (performance.now() - startedMs) / 1_000);
    }
  }

  /** Opens a watch as a stream of text. Resolves when the API server has answered 200; rejects with a WarmpoolError. */
  async watch(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Readable> {
    const startedMs = performance.now();
    let status: number | 'none' = 'none';
    try {
      const url = `${this.#server}${path}?${new URLSearchParams({ ...query, watch: 'true' }).toString()}`;
      const context = new RequestContext(url, HttpMethod.GET);
      await this.#kubeConfig.applySecurityAuthentication(context);
      const headers = context.getHeaders();
      // A watch is quiet for long: whoever reads it decides when it is dead.
      const answer = await request(url, { headers, signal, dispatcher: await this.#sockets(), bodyTimeout: 0 });
      status = answer.statusCode;
      if (status !== 200) throw new ApiException(status, 'watch', await answer.body.text(), {});
      return answer.body;
    } catch (error) {
      throw toClusterError(error, 'watch');
    } finally {
      this.#observe?.('watch', status, (performance.now() - startedMs) / 1_000);
    }
  }

  /** Ends every socket. */
  async close(): Promise<void> {
    await (await this.#dispatcher)?.destroy();
  }

  get #server(): string {
    return this.#kubeConfig.getCurrentCluster()?.server ?? '';
  }

  /**
   * client-node makes a new dispatcher, and with it a new socket, for each call; the first one serves them all. It has the
   * TLS settings and the proxy of the kubeconfig. Credentials in headers are made anew for each call all the same.
   */
  #sockets(): Promise<Dispatcher> {
    this.#dispatcher ??= this.#makeDispatcher();
    return this.#dispatcher;
  }

  async #makeDispatcher(): Promise<Dispatcher> {
    const context = new RequestContext(this.#server, HttpMethod.GET);
    await this.#kubeConfig.applySecurityAuthentication(context);
    return context.getDispatcher() ?? new Agent();
  }
}
