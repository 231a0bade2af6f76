// The one connection to the API server: shared sockets, a deadline on every call, and a note of each.
import {
  ApiException,
  HttpMethod,
  Observable,
  RequestContext,
  type ObservableMiddleware as Middleware,
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

/**
 * HTTP/1.1 only: when a session of HTTP/2 is idle, undici 8.12.4 destroys its socket with an error that nobody handles, which
 * ends the process. One dead session would also hold up every call.
 */
const overHttp1: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  // Its types lack the option.
  dispatch({ ...options, allowH2: false } as typeof options, handler);

/** The shared sockets of a call, and how it lets go of them for those that come later. */
type Sockets = { readonly dispatcher: Dispatcher; readonly renew: () => void };

const OPENING_DEADLINE_MS = 5_000;

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
  call<Result>(verb: string, signal: AbortSignal, send: Send<Result>): Promise<Result> {
    if (signal.aborted) return Promise.reject(toClusterError(signal.reason, 'none'));
    return this.#observed(verb, signal, async ({ dispatcher }, note) => {
      const carry: Middleware = {
        pre: (context) => {
          context.setSignal(signal);
          context.setDispatcher(dispatcher);
          return new Observable(Promise.resolve(context));
        },
        post: (response) => {
          note(response.httpStatusCode);
          return new Observable(Promise.resolve(response));
        },
      };
      return send({ middlewareMergeStrategy: 'append', middleware: [carry] });
    });
  }

  /** Opens a watch as a stream of text. Resolves when the API server has answered 200; rejects with a WarmpoolError. */
  watch(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Readable> {
    const opening = new AbortController();
    const deadline = setTimeout(() => {
      opening.abort(new DOMException('The watch did not open.', 'TimeoutError'));
    }, OPENING_DEADLINE_MS);
    const either = AbortSignal.any([signal, opening.signal]);
    const opened = this.#observed('watch', either, async ({ dispatcher, renew }, note) => {
      const url = `${this.#server}${path}?${new URLSearchParams({ ...query, watch: 'true' }).toString()}`;
      const context = new RequestContext(url, HttpMethod.GET);
      await this.#kubeConfig.applySecurityAuthentication(context);
      const answer = await request(url, {
        headers: context.getHeaders(),
        dispatcher,
        signal: either,
        // A watch is quiet for long: whoever reads it decides when it is dead.
        bodyTimeout: 0,
      });
      note(answer.statusCode);
      if (answer.statusCode !== 200) throw new ApiException(answer.statusCode, 'watch', await answer.body.text(), {});
      answer.body.once('error', (error) => {
        if (error.name === 'TimeoutError') renew();
      });
      return answer.body;
    });
    return opened.finally(() => {
      clearTimeout(deadline);
    });
  }

  /** Ends every socket. */
  async close(): Promise<void> {
    await this.#dispatcher?.then((dispatcher) => dispatcher.destroy()).catch(() => undefined);
  }

  /** Sends with the shared sockets, notes how long it took, and maps what it rejects with. */
  async #observed<Result>(
    verb: string,
    signal: AbortSignal,
    send: (sockets: Sockets, note: (status: number) => void) => Promise<Result>,
  ): Promise<Result> {
    const startedMs = performance.now();
    let status: number | 'none' = 'none';
    const made = (this.#dispatcher ??= this.#makeDispatcher());
    // Later calls take new sockets: those that are open may be dead without a word. What runs on them goes on.
    const renew = () => {
      if (this.#dispatcher === made) this.#dispatcher = undefined;
    };
    try {
      const dispatcher = await within(
        signal,
        made.catch((error: unknown) => {
          renew();
          throw error;
        }),
      );
      return await within(
        signal,
        send({ dispatcher, renew }, (answered) => (status = answered)),
      );
    } catch (error) {
      const mapped = toClusterError(error, verb);
      if (mapped.code === 'KUBERNETES::TIMEOUT') renew();
      throw mapped;
    } finally {
      this.#observe?.(verb, status, (performance.now() - startedMs) / 1_000);
    }
  }

  get #server(): string {
    return this.#kubeConfig.getCurrentCluster()?.server ?? '';
  }

  /**
   * client-node makes a new dispatcher, and with it a new socket, for each call; the first one serves them all. It has the
   * TLS settings and the proxy of the kubeconfig. Credentials in headers are made anew for each call all the same.
   */
  async #makeDispatcher(): Promise<Dispatcher> {
    const context = new RequestContext(this.#server, HttpMethod.GET);
    await this.#kubeConfig.applySecurityAuthentication(context);
    return (context.getDispatcher() ?? new Agent()).compose(overHttp1);
  }
}

/** Credentials are made by plugins and identity providers, which know no deadline: the wait for them ends with the signal. */
const within = async <Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => {
    reject(signal.reason as Error);
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};
