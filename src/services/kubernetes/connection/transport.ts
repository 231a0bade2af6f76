// The sockets to the API server: TLS and proxy as the kubeconfig and the environment say, shared by all calls.
import { X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { lastValid, parsePem, type Credential } from './credential.ts';
import type { Cluster } from './kubeconfig-cluster.ts';
import { proxyOptions, type ProxyOptions } from './proxy.ts';

/** Sooner than the idle timeout of load balancers, as in client-go. */
const TCP_KEEP_ALIVE_MS = 30_000;

type Tls = Pick<Credential, 'pair'> & { readonly authority: string | undefined };

export class Transport {
  readonly #cluster: Cluster;
  readonly #proxy: ProxyOptions;
  readonly #readAuthority: () => string | undefined;
  #current: { readonly dispatcher: Dispatcher; readonly tls: Tls; readonly openedMs: number } | undefined;

  /** Throws KubeConfigError. */
  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#proxy = proxyOptions(new URL(cluster.server), cluster['proxy-url']);
    const { authority } = cluster;
    this.#readAuthority = lastValid(
      () =>
        authority && parsePem(authority, (pem) => new X509Certificate(pem), 'does not contain a PEM certificate').pem,
    );
  }

  /** The sockets for calls with this client certificate. Another one, or another authority, needs new sockets. */
  dispatcherFor(pair: Credential['pair']): Dispatcher {
    const tls = { authority: this.#readAuthority(), pair };
    if (this.#current && isDeepStrictEqual(this.#current.tls, tls)) return this.#current.dispatcher;
    this.#retire();
    const dispatcher = this.#createDispatcher(tls);
    this.#current = { dispatcher, tls, openedMs: performance.now() };
    return dispatcher;
  }

  /** Later calls open new sockets if the present ones are older than `ms` of performance.now(): they may be dead without a sign. */
  renew(ms: number): void {
    if (this.#current && this.#current.openedMs <= ms) this.#retire();
  }

  async close(): Promise<void> {
    await this.#current?.dispatcher.destroy();
  }

  /** What runs on the present sockets goes on; they close after it. */
  #retire(): void {
    this.#current?.dispatcher.close().catch(() => undefined);
    this.#current = undefined;
  }

  /**
   * HTTP/1.1 only: when a session of HTTP/2 is idle, undici 8.12.4 destroys its socket with an error that nobody handles,
   * which ends the process. One dead session would also hold up every call.
   */
  #createDispatcher({ authority, pair }: Tls): Dispatcher {
    const servername = this.#cluster['tls-server-name'];
    const ca = authority ?? [...getCACertificates('default'), ...getCACertificates('system')];
    const connect = {
      allowH2: false,
      keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
      secureContext: createSecureContext({ ca, ...(pair && { cert: pair.certificate, key: pair.key }) }),
      rejectUnauthorized: !this.#cluster['insecure-skip-tls-verify'],
      ...(servername !== undefined && { servername }),
    };
    return new EnvHttpProxyAgent({ ...this.#proxy, allowH2: false, connect, requestTls: connect });
  }
}
