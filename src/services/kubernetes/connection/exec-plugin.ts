// Runs a credential plugin. Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { checkPair, type Credential } from './credential.ts';
import { KubeConfigError } from './kube-config-error.ts';
import type { Cluster, ExecConfig } from './kubeconfig.ts';
import { Text } from './kubeconfig-fields.ts';
import { isToken } from './value.ts';

/** How long a plugin may run before it is stopped. */
const DEADLINE_SECONDS = 60;

const Status = z
  .object({
    token: Text.refine(
      (token) => token === undefined || isToken(token),
      'returned a token with characters that a header cannot carry',
    ),
    clientCertificateData: Text,
    clientKeyData: Text,
    expirationTimestamp: z.iso.datetime({ offset: true }).nullish(),
  })
  .refine(
    (its) => (its.clientCertificateData === undefined) === (its.clientKeyData === undefined),
    'returned only one of clientCertificateData and clientKeyData',
  )
  .refine((its) => (its.token ?? its.clientKeyData) !== undefined, 'returned neither a token nor a client certificate');

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
    throw pluginError(exec, failureOf(error), exec.installHint);
  });
  return toIssued(exec, stdout);
};

/** Path of the executable. Throws KubeConfigError if there is none. */
export const locatePlugin = (exec: ExecConfig): string => {
  const folders = path.isAbsolute(exec.command) ? [''] : (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const found = folders.map((folder) => path.join(folder, exec.command)).find(isExecutable);
  if (found === undefined) throw pluginError(exec, 'is not installed or not executable', exec.installHint);
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

const pluginError = ({ field, command }: ExecConfig, reason: string, hint = ''): KubeConfigError =>
  new KubeConfigError(`${field}: command "${command}" ${reason}. ${hint}`.trim());

/** The message of an error of execFile contains the output. */
const failureOf = (error: unknown): string => {
  const { code, killed } = error as { readonly code?: number | string; readonly killed?: boolean };
  if (killed === true) return `did not end within ${DEADLINE_SECONDS} s and was stopped`;
  return typeof code === 'number'
    ? `ended with exit code ${code}`
    : `could not be run (${code ?? 'ended by a signal'})`;
};

const toIssued = (exec: ExecConfig, output: string): Issued => {
  const { apiVersion, field } = exec;
  const ExecCredential = z.object({
    kind: z.literal('ExecCredential'),
    apiVersion: z.literal(apiVersion, `did not return apiVersion ${apiVersion}`),
    status: Status,
  });
  const unreadable = 'did not print an ExecCredential, and nothing else, as JSON';
  const parsed = ExecCredential.safeParse(parseJson(output), { error: () => unreadable });
  if (!parsed.success) throw pluginError(exec, parsed.error.issues[0]?.message ?? unreadable);
  const { token, clientCertificateData: certificate, clientKeyData: key, expirationTimestamp } = parsed.data.status;
  const pair = certificate !== undefined && key !== undefined ? { certificate, key } : undefined;
  if (pair) checkPair(pair, { certificate: `${field}: clientCertificateData`, key: `${field}: clientKeyData` });
  return {
    credential: { authorization: token && `Bearer ${token}`, pair },
    expiresMs: expirationTimestamp ? Date.parse(expirationTimestamp) : Infinity,
  };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What the plugin receives in KUBERNETES_EXEC_INFO. Source: client.authentication.k8s.io/v1 ExecCredentialSpec. */
const execInfo = ({ apiVersion, provideClusterInfo }: ExecConfig, cluster: Cluster) => ({
  kind: 'ExecCredential',
  apiVersion,
  spec: { interactive: false, ...(provideClusterInfo && { cluster: clusterInfo(cluster) }) },
});

const clusterInfo = ({ authority, ...cluster }: Cluster) => ({
  server: cluster.server,
  'tls-server-name': cluster.tlsServerName,
  'insecure-skip-tls-verify': cluster.isInsecure,
  'certificate-authority-data':
    authority && Buffer.from('text' in authority ? authority.text : readFileSync(authority.file)).toString('base64'),
  'proxy-url': cluster.proxyUrl,
  'disable-compression': cluster.disableCompression,
  config: cluster.execConfig ?? null,
});
