// Finds the cluster and the namespace: a kubeconfig with its contexts, or the service account of the server's own pod.
import { existsSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { isSubdomain } from '../../../contract/metadata.ts';
import { KubeConfigError } from './kube-config-error.ts';
import { toCluster, toUser, type KubeConfig } from './kubeconfig.ts';
import { ClusterFields, ContextFields, UserFields } from './kubeconfig-fields.ts';
import { readEntry, readKubeconfigFiles } from './kubeconfig-file.ts';
import { isLoopback } from './proxy.ts';

export type KubeConfigOptions = {
  /** Kubeconfig files: one, or the several that KUBECONFIG names. Undefined: in-cluster. */
  readonly kubeconfigPaths?: readonly string[] | undefined;
  /** Context of the kubeconfig. Undefined: its current one. */
  readonly context?: string | undefined;
  /** Undefined: that of the context, or of the service account, or `default`. */
  readonly namespace?: string | undefined;
};

export type Cluster = {
  readonly kubeConfig: KubeConfig;
  readonly namespace: string;
  /** Which cluster it is, for the log: its address and where that was found. */
  readonly where: string;
  /** What is unsafe about the connection, for the log. */
  readonly warning?: string | undefined;
};

/** Source: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Reads files only; nothing is sent and no plugin is run. Throws KubeConfigError. */
export const findCluster = ({ kubeconfigPaths, ...choice }: KubeConfigOptions): Cluster =>
  kubeconfigPaths === undefined ? inCluster(choice) : fromFiles(kubeconfigPaths, choice);

type Choice = Pick<KubeConfigOptions, 'context' | 'namespace'>;

const inCluster = ({ context, namespace }: Choice): Cluster => {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
  if (host === undefined || !existsSync(`${SERVICE_ACCOUNT}/token`))
    throw new KubeConfigError(
      'No kubeconfig is set and this is not a pod with a service account. Set KUBECONFIG (for example KUBECONFIG=~/.kube/config) or [kubernetes] kubeconfig_path.',
    );
  if (context !== undefined)
    throw new KubeConfigError(`[kubernetes] context "${context}" needs a kubeconfig: in a pod there are no contexts.`);
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port ?? '443'}`;
  const place = { folder: SERVICE_ACCOUNT, field: 'service account' };
  return {
    kubeConfig: {
      cluster: toCluster(ClusterFields.parse({ server, 'certificate-authority': 'ca.crt' }), place),
      user: toUser(UserFields.parse({ tokenFile: 'token' }), place),
    },
    namespace: namespace ?? readFileSync(`${SERVICE_ACCOUNT}/namespace`, 'utf8').trim(),
    where: 'the cluster that this pod runs in',
  };
};

const fromFiles = (paths: readonly string[], choice: Choice): Cluster => {
  const files = readKubeconfigFiles(paths);
  const name = choice.context ?? files.currentContext;
  if (name === undefined)
    throw new KubeConfigError(`${files.where}: current-context is not set. Set it, or [kubernetes] context.`);
  const { fields: context, place } = readEntry(files, 'contexts', name, ContextFields);
  const its = readEntry(files, 'clusters', context.cluster, ClusterFields);
  const cluster = toCluster(its.fields, its.place);
  const { protocol, hostname, origin } = new URL(cluster.server);
  // As in kubectl, the user is not read for http: nothing that identifies a user is sent unencrypted.
  const isOpen = protocol === 'http:';
  const user =
    isOpen || context.user === undefined
      ? { fields: UserFields.parse({}), place }
      : readEntry(files, 'users', context.user, UserFields);
  const namespace = choice.namespace ?? context.namespace ?? 'default';
  if (!isSubdomain(namespace))
    throw new KubeConfigError(`${place.field}.namespace: "${namespace}" is not a valid Kubernetes namespace name.`);
  const warning = `${origin} is reached over http: requests can be read and changed on the way, and no credentials are sent.`;
  return {
    kubeConfig: { cluster, user: toUser(user.fields, user.place) },
    namespace,
    where: `${origin} (context "${name}" of ${files.where})`,
    warning: isOpen && !isLoopback(hostname) ? warning : undefined,
  };
};
