// The error table: every code that a client can receive, with its HTTP status. Types, documents and tests derive from it.
// The descriptions have a file of their own: pages that use the client do not load them.
import { z } from 'zod';

type ErrorRow = {
  /** HTTP status of the response. */
  readonly status: number;
  /** Whether the same request may succeed if it is repeated a little later. */
  readonly isRetryable: boolean;
};

const row = (status: number, { isRetryable = false } = {}): ErrorRow => ({ status, isRetryable });

/** Code → row. Codes under `KUBERNETES::` are those of OpenSandbox's server and are the same on every runtime. */
export const ERRORS = {
  MISSING_API_KEY: row(401),
  INVALID_API_KEY: row(401),
  'SESSION::CROSS_SITE': row(403),
  'REQUEST::MALFORMED': row(400),
  'REQUEST::NOT_FOUND': row(404),
  'REQUEST::METHOD_NOT_ALLOWED': row(405),
  'REQUEST::TIMEOUT': row(408, { isRetryable: true }),
  'REQUEST::TOO_LARGE': row(413),
  'REQUEST::UNSUPPORTED_MEDIA_TYPE': row(415),
  'REQUEST::INVALID': row(422),
  'REQUEST::HEADERS_TOO_LARGE': row(431),
  'KUBERNETES::POOL_NOT_FOUND': row(404),
  'KUBERNETES::POOL_ALREADY_EXISTS': row(409),
  'KUBERNETES::POOL_API_ERROR': row(500),
  'KUBERNETES::POOL_NOT_SUPPORTED': row(501),
  'KUBERNETES::POOL_CAPACITY_EXHAUSTED': row(429, { isRetryable: true }),
  'KUBERNETES::FORBIDDEN': row(403),
  'KUBERNETES::REJECTED': row(422),
  'KUBERNETES::THROTTLED': row(429, { isRetryable: true }),
  'KUBERNETES::CRD_NOT_INSTALLED': row(503),
  'KUBERNETES::NAMESPACE_NOT_FOUND': row(503),
  'KUBERNETES::UNAVAILABLE': row(503, { isRetryable: true }),
  'KUBERNETES::TIMEOUT': row(504, { isRetryable: true }),
  'POOL::VERSION_CONFLICT': row(412),
  'POOL::IN_USE': row(409),
  'POOL::DELETING': row(409),
  'POOL::NOT_MANAGED': row(409),
  'POOL::CONTESTED': row(503, { isRetryable: true }),
  'CLAIM::NOT_FOUND': row(404),
  'CLAIM::ENDED': row(409),
  'CLAIM::TIMEOUT': row(504, { isRetryable: true }),
  'MEMBER::NOT_FOUND': row(404),
  'MEMBER::IN_USE': row(409),
  'IDEMPOTENCY::KEY_REUSED': row(422),
  'RUNTIME::NOT_SUPPORTED': row(501),
  'SERVER::BUSY': row(503, { isRetryable: true }),
  'SERVER::SHUTTING_DOWN': row(503, { isRetryable: true }),
  'INTERNAL::ERROR': row(500),
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
