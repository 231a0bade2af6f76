// The error table: every code that a client can receive, with its HTTP status. Types, documents and tests derive from it.
import { z } from 'zod';

type ErrorRow = {
  /** HTTP status of the response. */
  readonly status: number;
  /** Whether the same request may succeed if it is repeated a little later. */
  readonly isRetryable: boolean;
  /** When the code is returned, in one sentence. */
  readonly description: string;
};

const row = (status: number, description: string, options: { isRetryable?: boolean } = {}): ErrorRow => ({
  status,
  isRetryable: options.isRetryable ?? false,
  description,
});

/** Code → row. Codes under `KUBERNETES::` are those of OpenSandbox's server and are the same on every runtime. */
export const ERRORS = {
  MISSING_API_KEY: row(401, 'The request has no API key.'),
  INVALID_API_KEY: row(401, 'The API key of the request is wrong.'),
  'REQUEST::MALFORMED': row(400, 'The request cannot be parsed: invalid HTTP, JSON, UTF-8 or percent-encoding.'),
  'REQUEST::NOT_FOUND': row(404, 'The route or procedure does not exist.'),
  'REQUEST::METHOD_NOT_ALLOWED': row(405, 'The route does not support this method; `Allow` lists those it supports.'),
  'REQUEST::TIMEOUT': row(408, 'The request did not arrive in time.', { isRetryable: true }),
  'REQUEST::TOO_LARGE': row(413, 'The request body is larger than 1 MiB.'),
  'REQUEST::UNSUPPORTED_MEDIA_TYPE': row(415, 'The request body is not JSON in UTF-8, or its Content-Type is missing.'),
  'REQUEST::INVALID': row(422, 'The request violates the contract; `errors` lists every violation.'),
  'REQUEST::HEADERS_TOO_LARGE': row(431, 'The request head is larger than 16 KiB.'),
  'KUBERNETES::POOL_NOT_FOUND': row(404, 'No pool with this name exists.'),
  'KUBERNETES::POOL_ALREADY_EXISTS': row(409, 'A pool with this name already exists.'),
  'KUBERNETES::POOL_API_ERROR': row(500, 'The pool store failed, and no other code describes the failure.'),
  'KUBERNETES::POOL_NOT_SUPPORTED': row(501, 'The configured runtime does not support pools.'),
  'KUBERNETES::POOL_CAPACITY_EXHAUSTED': row(429, 'The pool has no free member, and none became free in time.', {
    isRetryable: true,
  }),
  'KUBERNETES::FORBIDDEN': row(
    403,
    'The Kubernetes account of the server lacks an RBAC permission; the message names it.',
  ),
  'KUBERNETES::REJECTED': row(
    422,
    'The Kubernetes API server rejected the request (schema, webhook, quota or size); `errors` lists the fields.',
  ),
  'KUBERNETES::THROTTLED': row(429, 'The Kubernetes API server is rate-limiting requests.', { isRetryable: true }),
  'KUBERNETES::CRD_NOT_INSTALLED': row(503, 'The Pool CRD is not installed in the cluster.'),
  'KUBERNETES::NAMESPACE_NOT_FOUND': row(503, 'The configured namespace does not exist.'),
  'KUBERNETES::UNAVAILABLE': row(
    503,
    'The Kubernetes API server is unreachable or rejects the credentials of the server, or the write kept losing to concurrent writers.',
    { isRetryable: true },
  ),
  'KUBERNETES::TIMEOUT': row(504, 'The Kubernetes API server did not respond within 5 seconds.', { isRetryable: true }),
  'POOL::VERSION_CONFLICT': row(412, 'The pool has changed since the ETag in `If-Match` was issued.'),
  'POOL::IN_USE': row(409, 'Members of the pool are allocated; use `force=true` to delete it anyway.'),
  'POOL::DELETING': row(409, 'The pool is being deleted and hands out no members.'),
  'CLAIM::NOT_FOUND': row(404, 'No claim with this id exists, or it ended and is no longer remembered.'),
  'CLAIM::ENDED': row(409, 'The claim has ended; the message says how.'),
  'CLAIM::TIMEOUT': row(504, 'No member became ready within `waitSeconds`, but members are starting.', {
    isRetryable: true,
  }),
  'MEMBER::NOT_FOUND': row(404, 'The pool has no member with this name.'),
  'MEMBER::IN_USE': row(409, 'A claim holds the member; use `force=true` to stop it anyway.'),
  'IDEMPOTENCY::KEY_REUSED': row(422, 'The Idempotency-Key was already used with a different request body.'),
  'RUNTIME::NOT_SUPPORTED': row(501, 'The configured runtime does not support this operation.'),
  'SERVER::BUSY': row(503, 'The maximum number of open streams, or of clients that wait for a member, is reached.', {
    isRetryable: true,
  }),
  'SERVER::SHUTTING_DOWN': row(503, 'The server is shutting down.', { isRetryable: true }),
  'INTERNAL::ERROR': row(500, 'Internal server error; the server logs its cause under the request id.'),
} as const satisfies Record<string, ErrorRow>;

/** A code of the error table. */
export type ErrorCode = keyof typeof ERRORS;

/** Every code of the error table, in its order. */
export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

const Code = z.enum(ERROR_CODES).meta({ id: 'ErrorCode', description: 'Machine-readable error code.' });

export const Violation = z
  .object({
    path: z
      .array(z.union([z.string(), z.int32().min(0)]))
      .describe(
        'Path of the field in the request body: field names and array indexes. For query parameters and headers, it starts with "query" or "header".',
      ),
    message: z.string().describe('Human-readable description of the violation.'),
  })
  .meta({ id: 'Violation', description: 'A violated rule and its location.' });
export type Violation = z.infer<typeof Violation>;

export const ErrorBody = z
  .object({
    code: Code,
    message: z.string().describe('Human-readable description of the problem and how to fix it.'),
    requestId: z.string().describe('Value of the X-Request-ID header. Every log line of the request contains it.'),
    errors: z
      .array(Violation)
      .optional()
      .describe('Every violation; present with `REQUEST::INVALID` and `KUBERNETES::REJECTED`.'),
    reasons: z.array(z.string()).optional().describe('Why the server is not ready; on /ready only.'),
  })
  .meta({ id: 'ApiError', description: 'Body of every error response.' });
export type ErrorBody = z.infer<typeof ErrorBody>;
