// Maps what the API server responded, or why it did not, to an error of the table.
import { ApiException } from '@kubernetes/client-node/dist/gen/apis/exception.js';
import { errors } from 'undici';
import { z } from 'zod';
import type { ErrorCode, Violation } from '../../../contract/errors.ts';
import { parseJson } from '../../../lib/json.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { KubeConfigError } from './kubeconfig-fields.ts';

/** The fields of a Status that are used here. Source: Kubernetes API, meta/v1 Status. */
const Status = z.object({
  message: z.string().default(''),
  reason: z.string().default(''),
  details: z
    .object({
      name: z.string().default(''),
      kind: z.string().optional(),
      causes: z.array(z.object({ field: z.string().default(''), message: z.string().default('') })).optional(),
    })
    .prefault({}),
});
type Status = z.infer<typeof Status>;

/** The body is JSON text, a parsed object, undefined, or plain text where no API is served at all. */
const statusOf = ({ body }: ApiException<unknown>): Status =>
  Status.catch(Status.parse({})).parse(typeof body === 'string' ? parseJson(body) : body);

/** The response that an error of a call was mapped from, if there was one. */
const responseOf = (error: unknown): ApiException<unknown> | undefined =>
  error instanceof WarmpoolError && error.cause instanceof ApiException ? error.cause : undefined;

/** A webhook chooses the code of its denial: only the message identifies it. */
const DENIAL = /admission webhook "[^"]*" denied the request|ValidatingAdmissionPolicy .* denied request/;

/** The write lost to a concurrent writer: a test of the patch or a precondition failed, or the API server gave up retrying. */
export const isLostRace = (error: unknown): boolean => {
  const response = responseOf(error);
  if (response === undefined) return false;
  const { reason, details, message } = statusOf(response);
  if (DENIAL.test(message)) return false;
  if (response.code === 409) return reason === 'Conflict';
  // A rejection by the schema has causes; a failed test has no details at all.
  const hasNoDetails = details.kind === undefined && details.causes === undefined;
  return response.code === 422 && reason === 'Invalid' && hasNoDetails;
};

/** Whether the resource version that a list or watch continues from is too old. */
export const isExpired = (error: unknown): boolean => responseOf(error)?.code === 410;

/** Whether this account can read nothing: the API server responded with 401, 403 or 404. */
export const isRefused = (error: unknown): boolean =>
  [401, 403, 404].includes(responseOf(error)?.code ?? 0) ||
  (error instanceof WarmpoolError && error.code === 'KUBERNETES::NAMESPACE_NOT_FOUND');

/** Whether the account lacks a permission for the call. */
export const isForbidden = (error: unknown): error is WarmpoolError =>
  error instanceof WarmpoolError && error.code === 'KUBERNETES::FORBIDDEN';

/** Failures to connect, before anything is sent: DNS, TCP, and the TLS handshake with its certificates. */
const CONNECT_FAILURE = new RegExp(
  [
    '^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$',
    '^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH$|INVALID_CA$|ERR_TLS_CERT_ALTNAME_INVALID$)',
    '^ERR_SSL_.*(ALERT_HANDSHAKE_FAILURE|WRONG_VERSION_NUMBER|PROTOCOL_VERSION|UNKNOWN_CA|CERTIFICATE)',
  ].join('|'),
);

const MAY_QUOTE = /^(UND_)?ERR_INVALID|^$/;

/** Maps what a credential source rejected with. The message names the field or the plugin, and says that nothing was sent. */
export const toCredentialError = (error: unknown): WarmpoolError => {
  if (error instanceof WarmpoolError) return error;
  const isSafe = error instanceof KubeConfigError;
  // Any other error may quote a credential: neither the caller nor the log receives it.
  const problem = isSafe ? error.message : 'The credentials of the kubeconfig cannot be used.';
  const message = `${problem} Nothing was sent to the Kubernetes API server.`;
  return new WarmpoolError('KUBERNETES::UNAVAILABLE', message, { cause: isSafe ? error : undefined });
};

/**
 * Maps what a call rejected with to an error of the table. Its message has no host names and no credentials.
 * @param verb Of the call, as in RBAC: the message of a write says that it may have been carried out, unless it certainly was not.
 */
export const toClusterError = (error: unknown, verb: string): WarmpoolError => {
  if (error instanceof WarmpoolError) return error;
  const isWrite = /^(create|patch|update|delete)$/.test(verb);
  if (error instanceof ApiException) return fromResponse(error, isWrite);
  if (error instanceof DOMException || error instanceof errors.HeadersTimeoutError) {
    const message = 'The Kubernetes API server did not respond in time.';
    return clusterError('KUBERNETES::TIMEOUT', message, { isUncertain: isWrite, cause: error });
  }
  if (error instanceof z.ZodError) {
    const at = error.issues[0]?.path.join('.') ?? '';
    const sent = at === '' ? 'something other than the expected JSON object' : `an unexpected object (${at})`;
    const message = `The Kubernetes API server sent ${sent}.`;
    return clusterError('KUBERNETES::POOL_API_ERROR', message, { isUncertain: isWrite, cause: error });
  }
  const [proxyStatus, code] = [proxyStatusOf(error), connectionCodeOf(error)];
  const reason = proxyStatus === undefined ? code : `the proxy responded with ${proxyStatus}`;
  const isSent = proxyStatus === undefined && !CONNECT_FAILURE.test(code ?? '');
  const what =
    reason === undefined
      ? 'The call to the Kubernetes API server failed'
      : `The Kubernetes API server is unreachable (${reason})`;
  // An error without a code, or about an argument, may quote a header: the log does not receive it.
  const cause = proxyStatus === undefined && MAY_QUOTE.test(code ?? '') ? undefined : error;
  return clusterError('KUBERNETES::UNAVAILABLE', `${what}.`, { isUncertain: isWrite && isSent, cause });
};

type ClusterErrorOptions = NonNullable<ConstructorParameters<typeof WarmpoolError>[2]>;

const clusterError = (code: ErrorCode, message: string, options: ClusterErrorOptions): WarmpoolError =>
  new WarmpoolError(
    code,
    options.isUncertain === true ? `${message} The write may have been carried out.` : message,
    options,
  );

/** The status with which a proxy refused to open a tunnel. */
const proxyStatusOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  const [, status] = /^Proxy (?:response|Authentication Required) \((\d+)\)/.exec(error.message) ?? [];
  return status ?? proxyStatusOf(error.cause);
};

/** The code of a failed connection, such as ECONNREFUSED or a rejected certificate. */
const connectionCodeOf = (error: unknown): string | undefined =>
  error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? connectionCodeOf(error.cause)) : undefined;

const fromResponse = (error: ApiException<unknown>, isWrite: boolean): WarmpoolError => {
  const status = statusOf(error);
  const [code, message] = toRow(error.code, status, isWrite);
  const retryAfter = Number(error.headers['retry-after']);
  const isRejected = code === 'KUBERNETES::REJECTED';
  return clusterError(code, message, {
    isUncertain: isWrite && error.code >= 500 && !isRejected,
    cause: error,
    ...(isRejected && { violations: violationsOf(status) }),
    ...(Number.isInteger(retryAfter) && { retryAfterSeconds: retryAfter }),
  });
};

type MappedError = readonly [ErrorCode, string];

/** Statuses that have one meaning, whatever was asked for. */
const ROWS: Readonly<Partial<Record<number, MappedError>>> = {
  401: [
    'KUBERNETES::UNAVAILABLE',
    'The Kubernetes API server rejected the credentials (401). Check the kubeconfig, or the service account of the pod.',
  ],
  409: ['KUBERNETES::UNAVAILABLE', 'Another writer changed the pool at the same time. Try again.'],
  429: ['KUBERNETES::THROTTLED', 'The Kubernetes API server is rate-limiting requests. Try again later.'],
  502: ['KUBERNETES::UNAVAILABLE', 'The Kubernetes API server is not available (502).'],
  503: ['KUBERNETES::UNAVAILABLE', 'The Kubernetes API server is not available (503).'],
  504: ['KUBERNETES::TIMEOUT', 'The Kubernetes API server did not finish in time.'],
};

/** The row of the table of errors, and its message. */
const toRow = (http: number, status: Status, isWrite: boolean): MappedError => {
  const { message, reason, details } = status;
  if (message.includes('etcdserver: request is too large'))
    return [
      'KUBERNETES::REJECTED',
      'The pool is too large for the cluster to store. Reduce its template or its annotations.',
    ];
  const isDenied = DENIAL.test(message);
  const [forbidden] = /User ".*" cannot [^]*/.exec(message) ?? [];
  if (http === 403 && forbidden !== undefined && !isDenied) return ['KUBERNETES::FORBIDDEN', forbidden];
  // A read contains nothing that could be rejected: its caller cannot fix it.
  if (isWrite && (isDenied || [400, 403, 413, 422].includes(http))) return ['KUBERNETES::REJECTED', rejection(status)];
  if (http === 404) return missing(details);
  if (http === 409 && reason === 'AlreadyExists')
    return ['KUBERNETES::POOL_ALREADY_EXISTS', `${objectOf(details)} already exists.`];
  const unexpected = `The Kubernetes API server responded with ${`${http} ${reason}`.trim()}.`;
  return ROWS[http] ?? ['KUBERNETES::POOL_API_ERROR', unexpected];
};

const NOT_INSTALLED =
  'The CRD of pools (sandbox.opensandbox.io/v1alpha1) is not installed in the cluster. An administrator installs it with: npm run -s warmpool -- crd install';

/** The object of a Status, `Pool "a"`; of another kind as the API server names it. */
const objectOf = ({ kind = 'pools', name }: Status['details']): string =>
  `${kind === 'pools' ? 'Pool' : kind} "${name}"`;

const missing = (details: Status['details']): MappedError => {
  const { kind, name } = details;
  // No API is served at the path: plain text, or a Status without details.
  if (kind === undefined) return ['KUBERNETES::CRD_NOT_INSTALLED', NOT_INSTALLED];
  if (kind !== 'namespaces') return ['KUBERNETES::POOL_NOT_FOUND', `${objectOf(details)} not found.`];
  const message = `The namespace "${name}" does not exist. Create it, or set [kubernetes] namespace.`;
  return ['KUBERNETES::NAMESPACE_NOT_FOUND', message];
};

const UNKNOWN_FIELD = /unknown field "([^"]*)"/g;
const STRICT_DECODING = 'strict decoding error: ';

/** The rejection of a patch contains the whole object before its reason. */
const rejection = ({ message, reason }: Status): string => {
  const strict = message.slice(Math.max(0, message.lastIndexOf(STRICT_DECODING)));
  return strict || `The Kubernetes API server rejected the request. ${reason}`.trim();
};

const violationsOf = ({ message, details: { causes = [] } }: Status): Violation[] => {
  const reason = 'is not a field of the Pool CRD of the cluster';
  const unknown = [...message.matchAll(UNKNOWN_FIELD)].map(([, field = '']) => ({ field, message: reason }));
  return (unknown.length > 0 ? unknown : causes).map((its) => ({
    path: parseFieldPath(its.field),
    message: its.message,
  }));
};

/** `spec.template.spec.containers[0].image` → `["template", "spec", "containers", 0, "image"]`; `metadata.labels` → `["labels"]`. */
export const parseFieldPath = (field: string): (string | number)[] => {
  // Brackets contain an index of a list, or a key of a map.
  const steps = [...field.matchAll(/\[(\d+)\]|\[([^\]]*)\]|([^.[]+)/g)];
  const [first, ...rest] = steps.map(([, index, key, name]) =>
    index === undefined ? (key ?? name ?? '') : Number(index),
  );
  if (first === undefined || first === '<nil>') return [];
  return first === 'spec' || first === 'metadata' ? rest : [first, ...rest];
};
