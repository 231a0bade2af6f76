// The sockets to the API server: TLS and proxy as the kubeconfig and the environment say, shared by all calls.
import { X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { lastValid, parsePem, type Credential } from './credential.ts';
import type { Cluster } from './kubeconfig-cluster.ts';
import { proxyOptions } from './proxy.ts';

/** Shorter than the deadline of a call: after a call without a response, no idle socket is left that may also be dead. */
const IDLE_MS = 4_000;

export type Transport = ReturnType<typeof openTransport>;

/** Throws KubeConfigError. */
export const openTransport = (cluster: Cluster) => {
  const proxy = proxyOptions(new URL(cluster.server), cluster['proxy-url']);
  const { authority, 'tls-server-name': servername } = cluster;
  let checked: string | undefined;
  /** The file is read before each call: parsing it each time took 6 % of the CPU time of a server under claims. */
  const check = (pem: string): void => {
    if (pem !== checked) new X509Certificate(pem);
    checked = pem;
  };
  const readAuthority = lastValid(
    () => authority && parsePem(authority, check, 'does not contain a PEM certificate').pem,
  );
  let current: { readonly dispatcher: Dispatcher; readonly tls: object } | undefined;

  /**
   * HTTP/1.1 only: when a session of HTTP/2 is idle, undici 8.12.4 destroys its socket with an unhandled error,
   * which ends the process. One dead session would also hold up every call.
   */
  const createDispatcher = (ca: string | undefined, pair: Credential['pair']): Dispatcher => {
    const connect = {
      allowH2: false,
      secureContext: createSecureContext({
        ca: ca ?? [...getCACertificates('default'), ...getCACertificates('system')],
        ...(pair && { cert: pair.certificate, key: pair.key }),
      }),
      rejectUnauthorized: !cluster['insecure-skip-tls-verify'],
      ...(servername !== undefined && { servername }),
    };
    return new EnvHttpProxyAgent({
      ...proxy,
      allowH2: false,
      keepAliveMaxTimeout: IDLE_MS,
      connect,
      requestTls: connect,
    });
  };

  return {
    /** The sockets for calls with this client certificate. Another one, or another authority, needs new sockets. */
    dispatcherFor: (pair: Credential['pair']): Dispatcher => {
      const tls = { ca: readAuthority(), pair };
      if (current && isDeepStrictEqual(current.tls, tls)) return current.dispatcher;
      // Running calls finish on the old sockets, which then close.
      current?.dispatcher.close().catch(() => undefined);
      current = { dispatcher: createDispatcher(tls.ca, pair), tls };
      return current.dispatcher;
    },
    close: async (): Promise<void> => {
      await current?.dispatcher.destroy();
    },
  };
};
