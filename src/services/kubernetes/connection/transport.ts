// The sockets to the API server: TLS and proxy as the kubeconfig and the environment say, shared by all calls.
import { X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import type { Clock } from '../../../lib/clock.ts';
import type { KeyPair } from './credential.ts';
import type { Cluster } from './kubeconfig.ts';
import { proxyFor } from './proxy.ts';
import { ValueReader } from './value.ts';

/** Sooner than the idle timeout of load balancers, as in client-go. */
const TCP_KEEP_ALIVE_MS = 30_000;

type Tls = { readonly authority: string | undefined; readonly pair: KeyPair | undefined };

export class Transport {
  readonly #cluster: Cluster;
  readonly #proxy: string | undefined;
  readonly #authority: ValueReader | undefined;
  readonly #open = new Set<Dispatcher>();
  #current: { readonly dispatcher: Dispatcher; readonly tls: Tls; readonly openedMs: number } | undefined;

  /** Throws KubeConfigError. */
  constructor(cluster: Cluster, clock: Clock) {
    this.#cluster = cluster;
    this.#proxy = proxyFor(new URL(cluster.server), cluster.proxyUrl);
    this.#authority = cluster.authority && new ValueReader(cluster.authority, clock, checkAuthority);
    this.#authority?.read();
  }

  /** The sockets for calls with this client certificate. Another one, or another authority, needs new sockets. */
  dispatcherFor(pair: KeyPair | undefined): Dispatcher {
    const tls = { authority: this.#authority?.read(), pair };
    if (this.#current && isDeepStrictEqual(this.#current.tls, tls)) return this.#current.dispatcher;
    this.#retire();
    const dispatcher = this.#createDispatcher(tls);
    this.#open.add(dispatcher);
    this.#current = { dispatcher, tls, openedMs: performance.now() };
    return dispatcher;
  }

  /** Later calls open new sockets if the current ones are older than `ms` of performance.now(): they may be half-open. */
  renew(ms: number): void {
    if (this.#current && this.#current.openedMs <= ms) this.#retire();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((dispatcher) => dispatcher.destroy()));
  }

  /** Running calls finish on the current sockets, which then close. */
  #retire(): void {
    const dispatcher = this.#current?.dispatcher;
    this.#current = undefined;
    dispatcher
      ?.close()
      .catch(() => undefined)
      .finally(() => this.#open.delete(dispatcher));
  }

  /**
   * HTTP/1.1 only: when a session of HTTP/2 is idle, undici 8.12.4 destroys its socket with an unhandled error,
   * which ends the process. One dead session would also hold up every call.
   */
  #createDispatcher(tls: Tls): Dispatcher {
    const connect = {
      allowH2: false,
      keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
      ...(this.#cluster.server.startsWith('https:') && this.#tlsOptions(tls)),
    };
    return this.#proxy === undefined
      ? new Agent({ allowH2: false, connect })
      : new ProxyAgent({ uri: this.#proxy, allowH2: false, requestTls: connect });
  }

  #tlsOptions({ authority, pair }: Tls) {
    const { isInsecure, tlsServerName } = this.#cluster;
    const ca = authority ?? [...getCACertificates('default'), ...getCACertificates('system')];
    return {
      secureContext: createSecureContext({ ca, ...(pair && { cert: pair.certificate, key: pair.key }) }),
      ...(isInsecure && { rejectUnauthorized: false }),
      ...(tlsServerName !== undefined && { servername: tlsServerName }),
    };
  }
}

const checkAuthority = (text: string): string => {
  try {
    new X509Certificate(text).toString();
    return text;
  } catch {
    throw new Error('does not contain a PEM certificate');
  }
};
