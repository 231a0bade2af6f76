// The error table: every code that a caller can receive, with its HTTP status. Types, documents and tests are derived from it.
import { z } from 'zod';

type ErrorRow = {
  /** HTTP status of the answer. */
  readonly status: number;
  /** Whether the same request may succeed when it is sent again a little later. */
  readonly isRetryable: boolean;
  /** When it is answered, for people: one sentence. */
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
  'REQUEST::MALFORMED': row(400, 'The request cannot be read: broken HTTP, JSON, UTF-8 or percent encoding.'),
  'REQUEST::NOT_FOUND': row(404, 'There is no such route or procedure.'),
  'REQUEST::METHOD_NOT_ALLOWED': row(405, 'The route exists and has no such method; `Allow` names those that it has.'),
  'REQUEST::TIMEOUT': row(408, 'The request did not arrive in time.', { isRetryable: true }),
  'REQUEST::TOO_LARGE': row(413, 'The request body is larger than 1 MiB.'),
  'REQUEST::UNSUPPORTED_MEDIA_TYPE': row(415, 'The request body is not JSON in UTF-8, or its Content-Type is missing.'),
  'REQUEST::INVALID': row(422, 'The request breaks the contract; `errors` names every violation.'),
  'REQUEST::HEADERS_TOO_LARGE': row(431, 'The request head is larger than 16 KiB.'),
  'KUBERNETES::POOL_NOT_FOUND': row(404, 'There is no pool of this name.'),
  'KUBERNETES::POOL_ALREADY_EXISTS': row(409, 'A pool of this name exists already.'),
  'KUBERNETES::POOL_API_ERROR': row(500, 'The store of the pools failed in a way that has no code of its own.'),
  'KUBERNETES::POOL_NOT_SUPPORTED': row(501, 'The configured runtime has no pools.'),
  'KUBERNETES::FORBIDDEN': row(403, 'The server’s Kubernetes account lacks a right; the message names it.'),
  'KUBERNETES::REJECTED': row(
    422,
    'The Kubernetes API server refuses what the request asks for: schema, webhook, quota or size; `errors` names the members.',
  ),
  'KUBERNETES::THROTTLED': row(429, 'The Kubernetes API server takes no more calls for now.', { isRetryable: true }),
  'KUBERNETES::CRD_NOT_INSTALLED': row(503, 'The cluster has no definition of the Pool custom resource.'),
  'KUBERNETES::NAMESPACE_NOT_FOUND': row(503, 'The configured namespace does not exist.'),
  'KUBERNETES::UNAVAILABLE': row(
    503,
    'The Kubernetes API server cannot be reached, refuses the server’s credentials, or other writers kept being faster.',
    { isRetryable: true },
  ),
  'KUBERNETES::TIMEOUT': row(504, 'The Kubernetes API server did not answer within 5 seconds.', { isRetryable: true }),
  'POOL::VERSION_CONFLICT': row(412, 'The pool has changed since the ETag of `If-Match` was read.'),
  'POOL::IN_USE': row(409, 'Members of the pool are allocated; `force=true` deletes it all the same.'),
  'IDEMPOTENCY::KEY_REUSED': row(422, 'The Idempotency-Key was used for another request body.'),
  'RUNTIME::NOT_SUPPORTED': row(501, 'The configured runtime has no such operation.'),
  'SERVER::BUSY': row(503, 'The server has as many open streams as it takes.', { isRetryable: true }),
  'SERVER::SHUTTING_DOWN': row(503, 'The server is stopping.', { isRetryable: true }),
  'INTERNAL::ERROR': row(500, 'An error of the server itself; the log has its cause under the request id.'),
} as const satisfies Record<string, ErrorRow>;

/** A code of the error table. */
export type ErrorCode = keyof typeof ERRORS;

/** Every code of the error table, in its order. */
export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** One broken rule: where, and what would be right. */
export const Violation = z
  .strictObject({
    path: z
      .array(z.union([z.string(), z.int()]))
      .describe(
        'Member names and indexes from the body down; query parameters and headers begin with "query" or "header".',
      ),
    message: z.string(),
  })
  .meta({ id: 'Violation', description: 'One broken rule of a request.' });
export type Violation = z.infer<typeof Violation>;

/** The body of every answer that is not a success. */
export const ErrorBody = z
  .strictObject({
    code: z.enum(ERROR_CODES).describe('What happened, for programs.'),
    message: z.string().describe('What happened and what would mend it, for people.'),
    requestId: z
      .string()
      .describe('The value of the X-Request-ID header; the log has it on every line of the request.'),
    errors: z
      .array(Violation)
      .optional()
      .describe('Every broken rule, with REQUEST::INVALID and KUBERNETES::REJECTED.'),
    reasons: z.array(z.string()).optional().describe('Why the server is not ready, on /ready.'),
  })
  .meta({ id: 'Error', description: 'The body of every answer that is not a success.' });
export type ErrorBody = z.infer<typeof ErrorBody>;
