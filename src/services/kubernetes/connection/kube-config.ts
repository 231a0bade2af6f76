// Finds the cluster and the namespace: a kubeconfig with its contexts, or the service account of the server's own pod.
import { existsSync, readFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';
import { isSubdomain } from '../../../contract/metadata.ts';

/** A configuration that cannot work, whatever the cluster does. The message names the setting and the fix. */
class KubeConfigError extends Error {
  override readonly name = 'KubeConfigError';
}

export type KubeConfigOptions = {
  /** Kubeconfig files, merged as kubectl merges those of KUBECONFIG. None: in-cluster. */
  readonly kubeconfigPaths?: readonly string[] | undefined;
  /** Context of the kubeconfig. Undefined: its current one. */
  readonly context?: string | undefined;
  /** Undefined: that of the context, or of the service account, or `default`. */
  readonly namespace?: string | undefined;
};

export type Cluster = {
  readonly kubeConfig: KubeConfig;
  readonly namespace: string;
  /** Which cluster it is, for whoever runs the server: its address and where that was found. */
  readonly where: string;
};

/** Source: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Reads files only; nothing is sent. Throws KubeConfigError. */
export const findCluster = ({ kubeconfigPaths = [], context, namespace }: KubeConfigOptions): Cluster =>
  withCertificateAuthority(
    kubeconfigPaths.length === 0
      ? inCluster({ context, namespace })
      : fromFiles(kubeconfigPaths, { context, namespace }),
  );

type Choice = Pick<KubeConfigOptions, 'context' | 'namespace'>;

const inCluster = ({ context, namespace }: Choice): Cluster => {
  if (process.env.KUBERNETES_SERVICE_HOST === undefined || !existsSync(`${SERVICE_ACCOUNT}/token`))
    throw new KubeConfigError(
      'No kubeconfig is set and this is not a pod with a service account. Set KUBECONFIG (for example KUBECONFIG=~/.kube/config) or [kubernetes] kubeconfig_path.',
    );
  if (context !== undefined)
    throw new KubeConfigError(`[kubernetes] context "${context}" needs a kubeconfig: in a pod there are no contexts.`);
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromCluster();
  return {
    kubeConfig,
    namespace: namespace ?? readFileSync(`${SERVICE_ACCOUNT}/namespace`, 'utf8').trim(),
    where: 'the cluster that this pod runs in',
  };
};

const fromFiles = (files: readonly string[], { context, namespace }: Choice): Cluster => {
  const kubeConfig = new KubeConfig();
  // As kubectl does: of several files those that are missing are skipped, and of equal names the first counts.
  const present = files.length > 1 ? files.filter((file) => existsSync(file)) : files;
  for (const file of present) merge(kubeConfig, readKubeconfig(file));
  const where = files.join(', ');
  const names = kubeConfig.getContexts().map(({ name }) => name);
  const known = names.length > 0 ? `Its contexts: ${names.join(', ')}.` : 'It has no contexts.';
  const wanted = context ?? kubeConfig.getCurrentContext();
  if (!wanted) throw new KubeConfigError(`${where}: there is no current-context. Set [kubernetes] context. ${known}`);
  const found = kubeConfig.getContextObject(wanted);
  if (found === null) throw new KubeConfigError(`${where}: there is no context "${wanted}". ${known}`);
  kubeConfig.setCurrentContext(wanted);
  const server = kubeConfig.getCurrentCluster()?.server;
  if (server === undefined)
    throw new KubeConfigError(
      `${where}: context "${wanted}" names the cluster "${found.cluster}", which is not there.`,
    );
  if (!/^https?:/.test(server) || !URL.canParse(server))
    throw new KubeConfigError(`${where}: the server of cluster "${found.cluster}" is not an http or https URL.`);
  if (server.startsWith('http:') && kubeConfig.getCurrentCluster()?.skipTLSVerify !== true)
    throw new KubeConfigError(
      `${where}: the server of cluster "${found.cluster}" is reached without TLS: set insecure-skip-tls-verify: true for it, or use https.`,
    );
  for (const file of [
    kubeConfig.getCurrentCluster()?.caFile,
    kubeConfig.getCurrentUser()?.certFile,
    kubeConfig.getCurrentUser()?.keyFile,
  ])
    if (file !== undefined && !existsSync(file))
      throw new KubeConfigError(`${where}: context "${wanted}" needs the file ${file}, which is not there.`);
  if (kubeConfig.getCurrentUser() === null)
    throw new KubeConfigError(`${where}: context "${wanted}" names the user "${found.user}", which is not there.`);
  const ofContext = found.namespace === '' ? undefined : found.namespace;
  const chosen = namespace ?? ofContext ?? 'default';
  if (!isSubdomain(chosen))
    throw new KubeConfigError(
      `${where}: the namespace "${chosen}" of context "${wanted}" is none that Kubernetes can have.`,
    );
  return { kubeConfig, namespace: chosen, where: `${new URL(server).origin} (context "${wanted}" of ${where})` };
};

const merge = (into: KubeConfig, from: KubeConfig): void => {
  const isNew = (known: readonly { readonly name: string }[]) => {
    const names = new Set(known.map(({ name }) => name));
    return ({ name }: { readonly name: string }) => !names.has(name);
  };
  from.clusters = from.clusters.filter(isNew(into.clusters));
  from.users = from.users.filter(isNew(into.users));
  from.contexts = from.contexts.filter(isNew(into.contexts));
  into.mergeConfig(from, Boolean(into.currentContext));
};

const readKubeconfig = (file: string): KubeConfig => {
  const kubeConfig = new KubeConfig();
  try {
    kubeConfig.loadFromFile(file);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const hint = file.startsWith('~') ? ' Write the home directory out: "~" is the shell’s.' : '';
    throw new KubeConfigError(
      code === 'ENOENT'
        ? `The kubeconfig ${file} does not exist. KUBECONFIG or [kubernetes] kubeconfig_path names it.${hint}`
        : `${file} is no kubeconfig that can be read: ${firstLine(message)}.`,
      { cause },
    );
  }
  return kubeConfig;
};

/** client-node reads the file of a cluster's certificate authority again for every call. */
const withCertificateAuthority = (cluster: Cluster): Cluster => {
  const { kubeConfig } = cluster;
  kubeConfig.clusters = kubeConfig.clusters.map((its) => {
    const { caFile, ...rest } = its;
    return caFile === undefined || !existsSync(caFile) ? its : { ...rest, caData: readFileSync(caFile, 'base64') };
  });
  return cluster;
};

/** A YAML error shows the text around it, which may be a credential. */
const firstLine = (message: string): string => message.split('\n')[0] ?? '';
