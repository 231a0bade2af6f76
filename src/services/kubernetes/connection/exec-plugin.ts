// Runs a credential plugin. Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { checkPair, toBearer, type Credential } from './credential.ts';
import { KubeConfigError } from './kube-config-error.ts';
import type { Cluster, ExecConfig } from './kubeconfig.ts';
import { Text } from './kubeconfig-fields.ts';

/** How long a plugin may run before it is stopped. */
const DEADLINE_SECONDS = 60;

const ExecCredential = z.object({
  kind: z.literal('ExecCredential'),
  apiVersion: z.string(),
  status: z.object({
    token: Text,
    clientCertificateData: Text,
    clientKeyData: Text,
    expirationTimestamp: z.iso.datetime({ offset: true }).nullish(),
  }),
});

type Plugin = { readonly exec: ExecConfig; readonly cluster: Cluster };
type Issued = { readonly credential: Credential; readonly expiresMs: number };

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
  try {
    return toIssued(exec, (await running).stdout);
  } catch (error) {
    throw error instanceof KubeConfigError ? error : pluginError(exec, failureOf(error), exec.installHint);
  }
};

/** Path of the executable. Throws KubeConfigError where there is none. */
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

/** The error of execFile; its message contains the output. */
const failureOf = (error: unknown): string => {
  const { code, killed } = error as { readonly code?: number | string; readonly killed?: boolean };
  if (killed === true) return `did not end within ${DEADLINE_SECONDS} s and was stopped`;
  return typeof code === 'number'
    ? `ended with exit code ${code}`
    : `could not be run (${code ?? 'ended by a signal'})`;
};

const toIssued = (exec: ExecConfig, output: string): Issued => {
  const parsed = ExecCredential.safeParse(parseJson(output));
  if (!parsed.success) throw pluginError(exec, 'did not print an ExecCredential, and nothing else, as JSON');
  const { apiVersion, status } = parsed.data;
  if (apiVersion !== exec.apiVersion) throw pluginError(exec, `did not return apiVersion ${exec.apiVersion}`);
  const { token, clientCertificateData: certificate, clientKeyData: key, expirationTimestamp } = status;
  if ((certificate === undefined) !== (key === undefined))
    throw pluginError(exec, 'returned only one of clientCertificateData and clientKeyData');
  const pair = certificate !== undefined && key !== undefined ? { certificate, key } : undefined;
  if (token === undefined && pair === undefined) throw pluginError(exec, 'returned neither a token nor a certificate');
  if (pair)
    checkPair(pair, { certificate: `${exec.field}: clientCertificateData`, key: `${exec.field}: clientKeyData` });
  const expiresMs = expirationTimestamp ? Date.parse(expirationTimestamp) : Infinity;
  return { credential: { authorization: token && bearerOf(exec, token), pair }, expiresMs };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const bearerOf = (exec: ExecConfig, token: string): string => {
  try {
    return toBearer(token);
  } catch (error) {
    throw pluginError(exec, `returned a token that ${(error as Error).message}`);
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
  'insecure-skip-tls-verify': cluster.isInsecure || undefined,
  'certificate-authority-data':
    authority && Buffer.from('text' in authority ? authority.text : readFileSync(authority.file)).toString('base64'),
  'proxy-url': cluster.proxyUrl,
  'disable-compression': cluster.disableCompression || undefined,
  config: cluster.execConfig ?? null,
});
