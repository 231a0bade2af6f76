// Runs a credential plugin. Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { parseJson } from '../../../lib/json.ts';
import { checkPair, isToken, type Credential } from './credential.ts';
import { KubeConfigError } from './kube-config-error.ts';
import type { Cluster } from './kubeconfig-cluster.ts';
import { Text } from './kubeconfig-fields.ts';
import type { ExecConfig } from './kubeconfig-user.ts';

/** How long a plugin may run before it is stopped. */
const DEADLINE_SECONDS = 60;

const Status = z.object({
  token: Text,
  clientCertificateData: Text,
  clientKeyData: Text,
  expirationTimestamp: z.iso.datetime({ offset: true }).nullish(),
});

export type Plugin = { readonly exec: ExecConfig; readonly cluster: Cluster };
export type Issued = { readonly credential: Credential; readonly expiresMs: number };

/** Rejects with a KubeConfigError that names command, exit code and hint. The output may be a credential and is never quoted. */
export const runPlugin = async ({ exec, cluster }: Plugin, signal: AbortSignal): Promise<Issued> => {
  const variables = Object.fromEntries(exec.env.map(({ name, value }) => [name, value]));
  const running = promisify(execFile)(locatePlugin(exec), exec.args, {
    env: { ...process.env, ...variables, KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(exec, cluster)) },
    timeout: DEADLINE_SECONDS * 1_000,
    signal,
  });
  // A plugin that reads its standard input finds it empty; one that ended already cannot be written to.
  running.child.stdin?.on('error', () => undefined).end();
  const { stdout } = await running.catch((error: unknown) => {
    throw pluginError(exec, failureOf(error));
  });
  return toIssued(exec, stdout);
};

/** Path of the executable. Throws KubeConfigError if there is none. */
export const locatePlugin = (exec: ExecConfig): string => {
  const folders = path.isAbsolute(exec.command) ? [''] : (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const found = folders.map((folder) => path.join(folder, exec.command)).find(isExecutable);
  if (found === undefined) throw pluginError(exec, 'is not installed or not executable');
  return found;
};

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
};

const pluginError = ({ field, command, installHint = '' }: ExecConfig, reason: string): KubeConfigError =>
  new KubeConfigError(`${field}: command "${command}" ${reason}. ${installHint}`.trim());

/** The message of an error of execFile contains the output. */
const failureOf = (error: unknown): string => {
  const { code, killed } = error as { readonly code?: number | string; readonly killed?: boolean };
  if (killed === true) return `did not end within ${DEADLINE_SECONDS} s and was stopped`;
  return typeof code === 'number'
    ? `ended with exit code ${code}`
    : `could not be run (${code ?? 'ended by a signal'})`;
};

const UNREADABLE = 'did not print an ExecCredential, and nothing else, as JSON';

const toIssued = (exec: ExecConfig, output: string): Issued => {
  const { apiVersion, field } = exec;
  const ExecCredential = z.object({
    kind: z.literal('ExecCredential'),
    apiVersion: z.literal(apiVersion, `did not return apiVersion ${apiVersion}`),
    status: Status,
  });
  const { data, error } = ExecCredential.safeParse(parseJson(output), { error: () => UNREADABLE });
  if (error) throw pluginError(exec, error.issues[0]?.message ?? UNREADABLE);
  const { token, clientCertificateData: certificate, clientKeyData: key, expirationTimestamp } = data.status;
  const pair = certificate !== undefined && key !== undefined ? { certificate, key } : undefined;
  if (token === undefined && pair === undefined)
    throw pluginError(exec, 'returned neither a token nor a client certificate with its key');
  if (token !== undefined && !isToken(token))
    throw pluginError(exec, 'returned a token with characters that a header cannot carry');
  const nameOf = (name: string) => ({ field: `${field}: ${name}` });
  if (pair) checkPair(pair, { certificate: nameOf('clientCertificateData'), key: nameOf('clientKeyData') });
  return {
    credential: { authorization: token && `Bearer ${token}`, pair },
    expiresMs: expirationTimestamp ? Date.parse(expirationTimestamp) : Infinity,
  };
};

/** What the plugin receives in KUBERNETES_EXEC_INFO. Source: client.authentication.k8s.io/v1 ExecCredentialSpec. */
const execInfo = ({ apiVersion, provideClusterInfo }: ExecConfig, cluster: Cluster) => ({
  kind: 'ExecCredential',
  apiVersion,
  spec: { interactive: false, ...(provideClusterInfo && { cluster: clusterInfo(cluster) }) },
});

const clusterInfo = ({ authority, ...cluster }: Cluster) => ({
  ...cluster,
  'certificate-authority-data': authority && Buffer.from(authority.read()).toString('base64'),
});
