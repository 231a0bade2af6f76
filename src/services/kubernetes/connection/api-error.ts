// What the API server answered, or why it did not, as an error of the table.
import { ApiException } from '@kubernetes/client-node';
import { z } from 'zod';
import type { ErrorCode, Violation } from '../../../contract/errors.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { fieldPath } from './field-path.ts';

/** The part of a Status that is used here. Source: Kubernetes API, meta/v1 Status. */
const Status = z.object({
  message: z.string().default(''),
  reason: z.string().default(''),
  details: z
    .object({
      name: z.string().default(''),
      kind: z.string().optional(),
      causes: z.array(z.object({ field: z.string().default(''), message: z.string().default('') })).optional(),
    })
    .default({ name: '' }),
});
type Status = z.infer<typeof Status>;
const NO_STATUS: Status = { message: '', reason: '', details: { name: '' } };

/** The body is JSON text, a parsed object, undefined, or plain text where no API answers at all. */
const statusOf = ({ body }: ApiException<unknown>): Status => {
  try {
    return Status.parse(typeof body === 'string' ? JSON.parse(body) : body);
  } catch {
    return NO_STATUS;
  }
};

/** The answer that an error of a call stands for, where there was one. */
const answerOf = (error: unknown): ApiException<unknown> | undefined =>
  error instanceof WarmpoolError && error.cause instanceof ApiException ? error.cause : undefined;

/** A webhook chooses the code of its denial: it is known by its words. */
const DENIAL = /admission webhook "[^"]*" denied the request|ValidatingAdmissionPolicy .* denied request/;

/** Another writer was faster: a test of the patch failed, or a precondition, or the API server gave up repeating. */
export const isLostRace = (error: unknown): boolean => {
  const answer = answerOf(error);
  if (answer === undefined) return false;
  const { reason, details, message } = statusOf(answer);
  if (DENIAL.test(message)) return false;
  if (answer.code === 409) return reason === 'Conflict';
  // A refusal by the schema has causes; a failed test has no details at all.
  const hasNoDetails = details.kind === undefined && details.causes === undefined;
  return answer.code === 422 && reason === 'Invalid' && hasNoDetails;
};

/** Whether the version from which a list or watch shall go on is too old. */
export const isExpired = (error: unknown): boolean => answerOf(error)?.code === 410;

/** Whether the API server answered that there is nothing to read for this account: 401, 403 or 404. */
export const isRefused = (error: unknown): boolean =>
  [401, 403, 404].includes(answerOf(error)?.code ?? 0) ||
  (error instanceof WarmpoolError && error.code === 'KUBERNETES::NAMESPACE_NOT_FOUND');

/** Connections that broke after they were made. */
const MAYBE_SENT: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_CLOSED',
]);

const WRITES: ReadonlySet<string> = new Set(['create', 'patch', 'update', 'delete']);

/**
 * What a call rejected with, as an error of the table: no host names, no credentials.
 * @param verb Of the call, as in RBAC: after a write it is told that it may have been carried out.
 */
export const toClusterError = (error: unknown, verb: string): WarmpoolError => {
  const isWrite = WRITES.has(verb);
  const unsure = isWrite ? ' The write may have been carried out.' : '';
  if (error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError'))
    return clusterError('KUBERNETES::TIMEOUT', `The Kubernetes API server did not answer in time.${unsure}`, error);
  if (error instanceof ApiException) return fromAnswer(error, isWrite, unsure);
  const code = connectionCode(error);
  // What a credential plugin or a broken header says may be a credential: neither the caller nor the log gets it.
  if (code === undefined)
    return new WarmpoolError(
      'KUBERNETES::UNAVAILABLE',
      'The credentials or certificates of the kubeconfig cannot be used: nothing was sent to the Kubernetes API server.',
    );
  return clusterError(
    'KUBERNETES::UNAVAILABLE',
    `The Kubernetes API server cannot be reached (${code}).${MAYBE_SENT.has(code) ? unsure : ''}`,
    error,
  );
};

const clusterError = (code: ErrorCode, message: string, cause: unknown): WarmpoolError =>
  new WarmpoolError(code, message, { cause });

/** The code of a failed connection, such as ECONNREFUSED or a refused certificate; undefined for what failed before it. */
const connectionCode = (error: unknown): string | undefined => {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== undefined) return /^(ENOENT|EACCES|EISDIR|ERR_OSSL|ERR_INVALID)/.test(code) ? undefined : code;
  }
  return error instanceof TypeError && error.message === 'fetch failed' ? 'no connection' : undefined;
};

const fromAnswer = (error: ApiException<unknown>, isWrite: boolean, unsure: string): WarmpoolError => {
  const status = statusOf(error);
  const judged = judge(error.code, status);
  // Nothing was asked for that could be rejected: whoever reads cannot mend it.
  const [code, message] = judged[0] === 'KUBERNETES::REJECTED' && !isWrite ? unexpected(error.code, status) : judged;
  const retryAfter = Number(error.headers['retry-after']);
  return new WarmpoolError(code, error.code >= 502 ? `${message}${unsure}` : message, {
    cause: error,
    ...(code === 'KUBERNETES::REJECTED' && { violations: violationsOf(status) }),
    ...(Number.isInteger(retryAfter) && { retryAfterSeconds: retryAfter }),
  });
};

const judge = (http: number, status: Status): [ErrorCode, string] => {
  const { message, reason, details } = status;
  if (DENIAL.test(message)) return rejected(status);
  if (message.includes('etcdserver: request is too large'))
    return ['KUBERNETES::REJECTED', 'The pool is too large for the cluster to store.'];
  switch (http) {
    case 400:
    case 413:
    case 422:
      return rejected(status);
    case 401:
      return ['KUBERNETES::UNAVAILABLE', 'The Kubernetes API server does not accept the credentials of this server.'];
    case 403:
      return /User ".*" cannot /.test(message) ? ['KUBERNETES::FORBIDDEN', forbidden(message)] : rejected(status);
    case 404:
      return missing(details);
    case 409:
      return reason === 'AlreadyExists'
        ? ['KUBERNETES::POOL_ALREADY_EXISTS', `Pool "${details.name}" already exists.`]
        : ['KUBERNETES::UNAVAILABLE', 'Another writer changed the pool at the same time. Try again.'];
    case 429:
      return ['KUBERNETES::THROTTLED', 'The Kubernetes API server takes no more calls for now.'];
    case 502:
    case 503:
      return ['KUBERNETES::UNAVAILABLE', `The Kubernetes API server is not available (${http}).`];
    case 504:
      return ['KUBERNETES::TIMEOUT', `The Kubernetes API server did not finish in time.`];
    default:
      return unexpected(http, status);
  }
};

const unexpected = (http: number, { reason }: Status): [ErrorCode, string] => [
  'KUBERNETES::POOL_API_ERROR',
  `The Kubernetes API server answered ${http} ${reason}.`.replace(' .', '.'),
];

const forbidden = (message: string): string => message.slice(message.indexOf('User "'));

const missing = ({ kind, name }: Status['details']): [ErrorCode, string] => {
  if (kind === 'namespaces')
    return [
      'KUBERNETES::NAMESPACE_NOT_FOUND',
      `The namespace "${name}" does not exist. Create it, or set [kubernetes] namespace.`,
    ];
  if (kind !== undefined) return ['KUBERNETES::POOL_NOT_FOUND', `Pool "${name}" not found.`];
  // No API answers at the path: plain text, or a Status without details.
  return [
    'KUBERNETES::CRD_NOT_INSTALLED',
    'The cluster does not know the resource "pools" of sandbox.opensandbox.io/v1alpha1. An administrator installs it with: npm run -s warmpool -- crd install',
  ];
};

const UNKNOWN_FIELD = /unknown field "([^"]*)"/g;
const STRICT = 'strict decoding error: ';

/** The refusal of a patch shows the whole object before its reason. */
const rejected = ({ message, reason }: Status): [ErrorCode, string] => {
  const strict = message.lastIndexOf(STRICT);
  return [
    'KUBERNETES::REJECTED',
    strict < 0 ? message || `The Kubernetes API server refuses the request. ${reason}` : message.slice(strict),
  ];
};

const violationsOf = ({ message, details }: Status): Violation[] => {
  const unknown = [...message.matchAll(UNKNOWN_FIELD)].map(([, field = '']) => ({
    path: fieldPath(field),
    message: 'the cluster’s definition of a Pool has no such member',
  }));
  if (unknown.length > 0) return unknown;
  return (details.causes ?? []).map(({ field, message: reason }) => ({ path: fieldPath(field), message: reason }));
};
