// Runs a command in a container, as kubectl exec does.
// Source: https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/#-strong-misc-operations-pod-v1-core-strong-
import { z } from 'zod';
import { parseJson } from '../../../lib/json.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { toClusterError } from '../connection/api-error.ts';
import type { ClusterConnection } from '../connection/cluster-connection.ts';

type ContainerCommand = {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
};

/**
 * How it ended. `unknown`: the connection ended first, as it may when the command ends the container. `missing`: the
 * container has no such executable.
 */
export type CommandResult =
  { readonly end: 'exited'; readonly code: number } | { readonly end: 'missing' } | { readonly end: 'unknown' };

/** Binary messages, whose first byte is the channel. Source: client-go, tools/remotecommand. */
const PROTOCOL = 'v4.channel.k8s.io';
/** The channel of the last message: a Status with the exit code. */
const STATUS_CHANNEL = 3;
/** Exit codes of a command that cannot be run, and the message of runtimes that report no code. */
const NOT_RUN: ReadonlySet<number> = new Set([126, 127]);
const NOT_FOUND = /executable file not found|no such file or directory/;

const Status = z.object({
  status: z.string(),
  message: z.string().default(''),
  reason: z.string().optional(),
  details: z
    .object({
      causes: z.array(z.object({ reason: z.string().optional(), message: z.string().default('') })).default([]),
    })
    .prefault({}),
});

/** Rejects with a WarmpoolError: the API server refused, or `signal` ended the wait. */
export const runInContainer = async (
  connection: ClusterConnection,
  { namespace, pod, container, command }: ContainerCommand,
  signal: AbortSignal,
): Promise<CommandResult> => {
  // The API server wants one stream at least.
  const query = new URLSearchParams({ container, stdout: 'true', stderr: 'true' });
  for (const word of command) query.append('command', word);
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/exec?${query.toString()}`;
  const webSocket = await connection.openWebSocket(path, PROTOCOL, signal);
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  webSocket.addEventListener('message', ({ data }: { readonly data: unknown }) => {
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : undefined;
    if (bytes?.[0] !== STATUS_CHANNEL) return;
    try {
      resolve(toResult(new TextDecoder().decode(bytes.subarray(1))));
    } catch (error) {
      reject(toClusterError(error, 'create'));
    }
  });
  webSocket.addEventListener('close', () => {
    if (signal.aborted) reject(toClusterError(signal.reason, 'create'));
    else resolve({ end: 'unknown' });
  });
  try {
    return await promise;
  } finally {
    webSocket.close();
  }
};

const toResult = (text: string): CommandResult => {
  const { status, message, reason, details } = Status.parse(parseJson(text));
  if (status === 'Success') return { end: 'exited', code: 0 };
  const exit = details.causes.find((cause) => cause.reason === 'ExitCode');
  const code = exit === undefined ? undefined : Number(exit.message);
  if (code === undefined ? NOT_FOUND.test(message) : NOT_RUN.has(code)) return { end: 'missing' };
  if (code !== undefined) return { end: 'exited', code };
  throw new WarmpoolError(
    'KUBERNETES::POOL_API_ERROR',
    `The Kubernetes API server could not run a command in a container (${reason ?? 'no reason'}).`,
    { cause: new Error(message) },
  );
};
