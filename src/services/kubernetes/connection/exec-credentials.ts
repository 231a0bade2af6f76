// Credentials of a plugin, kept until they expire or are refused.
// Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Clock } from '../../../lib/clock.ts';
import { parseJson } from '../../../lib/json.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { readCredential, type Credential, type CredentialSource } from './credential.ts';
import type { Cluster } from './kubeconfig-cluster.ts';
import { KubeConfigError, textIn } from './kubeconfig-fields.ts';
import type { ExecConfig } from './kubeconfig-user.ts';

/** How long a plugin may run before it is stopped. */
const DEADLINE_SECONDS = 60;

type Plugin = { readonly exec: ExecConfig; readonly cluster: Cluster };
type Issued = { readonly credential: Credential; readonly expiresMs: number };

/** @param stop Stops a running plugin. Throws KubeConfigError if the plugin is not installed. */
export const execCredentials = (plugin: Plugin, stop: AbortSignal, clock: Clock): CredentialSource => {
  const { exec } = plugin;
  locatePlugin(exec);
  let issued: Issued | undefined;
  /** One run at a time, however many calls wait for it. */
  let running: Promise<Issued> | undefined;
  return async (signal, refused) => {
    if (issued && issued.credential !== refused && clock.now() < issued.expiresMs) return issued.credential;
    // The call's deadline does not stop the plugin: the run continues for later calls.
    running ??= runPlugin(plugin, stop)
      .then((result) => (issued = result))
      .finally(() => (running = undefined));
    const aborted = signal.aborted ? undefined : once(signal, 'abort').then(() => undefined);
    const result = await Promise.race([running, aborted]);
    if (result !== undefined) return result.credential;
    const message = `${exec.field}: command "${exec.command}" has not returned a credential yet. Nothing was sent to the Kubernetes API server.`;
    throw new WarmpoolError('KUBERNETES::TIMEOUT', message, { cause: signal.reason });
  };
};

/** Rejects with a KubeConfigError that names command, exit code and hint. The output may be a credential and is never quoted. */
const runPlugin = async ({ exec, cluster }: Plugin, signal: AbortSignal): Promise<Issued> => {
  const variables = Object.fromEntries(exec.env.map(({ name, value }) => [name, value]));
  const running = promisify(execFile)(locatePlugin(exec), exec.args, {
    env: { ...process.env, ...variables, KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(exec, cluster)) },
    timeout: DEADLINE_SECONDS * 1_000,
    signal,
  });
  // A plugin that reads its standard input finds it empty; one that has already exited cannot be written to.
  running.child.stdin?.on('error', () => undefined).end();
  const { stdout } = await running.catch((error: unknown) => {
    throw pluginError(exec, failureOf(error));
  });
  return toIssued(exec, stdout);
};

/** Path of the executable. Throws KubeConfigError if there is none. */
const locatePlugin = (exec: ExecConfig): string => {
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
  const { code, killed, signal } = error as {
    readonly code?: number | string | null;
    readonly killed?: boolean;
    readonly signal?: string | null;
  };
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'printed more than 1 MiB';
  if (killed === true) return `did not exit within ${DEADLINE_SECONDS} s and was stopped`;
  if (typeof signal === 'string') return `was killed by ${signal}`;
  return typeof code === 'number' ? `exited with code ${code}` : `could not be run (${code ?? 'unknown'})`;
};

const BAD_EXPIRY = 'returned a status.expirationTimestamp that is not a valid RFC 3339 time';
const UNREADABLE = 'must print exactly one ExecCredential as JSON';

const toIssued = (exec: ExecConfig, output: string): Issued => {
  const { apiVersion, field, command } = exec;
  const place = { folder: '', field: `${field}: command "${command}" returned status` };
  const ExecCredential = z.object({
    kind: z.literal('ExecCredential'),
    apiVersion: z.literal(apiVersion, `did not return apiVersion ${apiVersion}`),
    status: z.object({
      token: textIn(place, 'token'),
      clientCertificateData: textIn(place, 'clientCertificateData'),
      clientKeyData: textIn(place, 'clientKeyData'),
      expirationTimestamp: z.iso.datetime({ offset: true, error: BAD_EXPIRY }).nullish(),
    }),
  });
  const { data, error } = ExecCredential.safeParse(parseJson(output), { error: () => UNREADABLE });
  if (error) throw pluginError(exec, error.issues[0]?.message ?? UNREADABLE);
  const { token, clientCertificateData: certificate, clientKeyData: key, expirationTimestamp } = data.status;
  const pair = certificate && key && { certificate, key };
  if (!token && !pair) throw pluginError(exec, 'returned neither a token nor a client certificate with its key');
  const expiresMs = expirationTimestamp ? Date.parse(expirationTimestamp) : Infinity;
  return { credential: readCredential({ token, pair, basic: undefined }), expiresMs };
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
