// Finds the cluster and the namespace: a kubeconfig with its contexts, or the service account of the server's own pod.
import { existsSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { isSubdomain } from '../../../contract/metadata.ts';
import type { ClusterLocation } from '../../runtime-observer.ts';
import { clusterAt, type Cluster } from './kubeconfig-cluster.ts';
import { KubeConfigError, TextField } from './kubeconfig-fields.ts';
import { readKubeconfig } from './kubeconfig-file.ts';
import { userAt, type User } from './kubeconfig-user.ts';
import { isLoopback } from './proxy.ts';

export type KubeConfigOptions = {
  /** Kubeconfig files: one, or the several that KUBECONFIG names. Undefined: in-cluster. */
  readonly kubeconfigPaths?: readonly string[] | undefined;
  /** Context of the kubeconfig. Undefined: its current one. */
  readonly context?: string | undefined;
  /** Undefined: that of the context, or of the service account, or `default`. */
  readonly namespace?: string | undefined;
};

export type KubeConfig = { readonly cluster: Cluster; readonly user: User };

type FoundCluster = ClusterLocation & {
  readonly kubeConfig: KubeConfig;
  /** Name of the context; undefined in a cluster. */
  readonly context?: string;
};

/** Source: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Reads files only; nothing is sent and no plugin is run. Throws KubeConfigError. */
export const findCluster = (options: KubeConfigOptions): FoundCluster =>
  options.kubeconfigPaths === undefined ? inCluster(options) : fromFiles(options.kubeconfigPaths, options);

const inCluster = ({ context, namespace }: KubeConfigOptions): FoundCluster => {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = process.env;
  if (host === undefined || !existsSync(`${SERVICE_ACCOUNT}/token`))
    throw new KubeConfigError(
      'No kubeconfig is set and this is not a pod with a service account. Set KUBECONFIG (for example KUBECONFIG=~/.kube/config) or [kubernetes] kubeconfig_path.',
    );
  if (context !== undefined)
    throw new KubeConfigError(`[kubernetes] context "${context}" needs a kubeconfig: in a pod there are no contexts.`);
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const place = { folder: SERVICE_ACCOUNT, field: 'service account' };
  return {
    kubeConfig: {
      cluster: clusterAt(place).parse({ server, 'certificate-authority': 'ca.crt' }),
      user: userAt(place).parse({ tokenFile: 'token' }),
    },
    namespace: namespace ?? readFileSync(`${SERVICE_ACCOUNT}/namespace`, 'utf8').trim(),
    where: 'the cluster that this pod runs in',
  };
};

const contextAt = () =>
  z.object({
    cluster: TextField,
    user: TextField,
    namespace: TextField.transform((name = 'default') => name).refine(isSubdomain, {
      error: ({ input }) => `"${String(input)}" is not a valid Kubernetes namespace name`,
    }),
  });

const fromFiles = (paths: readonly string[], choice: KubeConfigOptions): FoundCluster => {
  const { entry, currentContext, where } = readKubeconfig(paths);
  const name = choice.context ?? currentContext;
  if (name === undefined)
    throw new KubeConfigError(`${where}: current-context is not set. Set it, or [kubernetes] context.`);
  const context = entry('context', name, contextAt);
  const cluster = entry('cluster', context.cluster, clusterAt);
  const { protocol, hostname, origin } = new URL(cluster.server);
  // As in kubectl, the user is not read for http: nothing that identifies a user is sent unencrypted.
  const isOpen = protocol === 'http:';
  const user =
    isOpen || context.user === undefined
      ? userAt({ folder: '', field: '' }).parse({})
      : entry('user', context.user, userAt);
  const warning = `${origin} is reached over http: requests can be read and changed in transit, and no credentials are sent.`;
  return {
    kubeConfig: { cluster, user },
    context: name,
    namespace: choice.namespace ?? context.namespace,
    where: `${origin} (context "${name}" of ${where})`,
    warning: isOpen && !isLoopback(hostname) ? warning : undefined,
  };
};
