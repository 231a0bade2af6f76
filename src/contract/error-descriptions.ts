// When each code of the error table is returned, in one sentence.
import type { ErrorCode } from './errors.ts';

export const ERROR_DESCRIPTIONS: Readonly<Record<ErrorCode, string>> = {
  MISSING_API_KEY: 'The request has no API key, and no valid session of the dashboard.',
  INVALID_API_KEY: 'The API key of the request is wrong, or its sign-in link was used or has expired.',
  'SESSION::CROSS_SITE':
    'A request that changes something has a session cookie, but does not come from the dashboard: `X-Warmpool-Session` is missing, or the browser reports another site.',
  'REQUEST::MALFORMED': 'The request cannot be parsed: invalid HTTP, JSON, UTF-8 or percent-encoding.',
  'REQUEST::NOT_FOUND': 'The route or procedure does not exist.',
  'REQUEST::METHOD_NOT_ALLOWED': 'The route does not support this method; `Allow` lists those it supports.',
  'REQUEST::TIMEOUT': 'The request did not arrive in time.',
  'REQUEST::TOO_LARGE': 'The request body is larger than 1 MiB.',
  'REQUEST::UNSUPPORTED_MEDIA_TYPE': 'The request body is not JSON in UTF-8, or its Content-Type is missing.',
  'REQUEST::INVALID': 'The request violates the contract; `errors` lists every violation.',
  'REQUEST::HEADERS_TOO_LARGE': 'The request head is larger than 16 KiB.',
  'KUBERNETES::POOL_NOT_FOUND': 'No pool with this name exists.',
  'KUBERNETES::POOL_ALREADY_EXISTS': 'A pool with this name already exists.',
  'KUBERNETES::POOL_API_ERROR': 'The pool store failed, and no other code describes the failure.',
  'KUBERNETES::POOL_NOT_SUPPORTED': 'The configured runtime does not support pools.',
  'KUBERNETES::POOL_CAPACITY_EXHAUSTED': 'The pool has no free member, and none became free in time.',
  'KUBERNETES::FORBIDDEN': 'The Kubernetes account of the server lacks an RBAC permission; the message names it.',
  'KUBERNETES::REJECTED':
    'The Kubernetes API server rejected the request (schema, webhook, quota or size); `errors` lists the fields.',
  'KUBERNETES::THROTTLED': 'The Kubernetes API server is rate-limiting requests.',
  'KUBERNETES::CRD_NOT_INSTALLED': 'The Pool CRD is not installed in the cluster.',
  'KUBERNETES::NAMESPACE_NOT_FOUND': 'The configured namespace does not exist.',
  'KUBERNETES::UNAVAILABLE':
    'The Kubernetes API server is unreachable or rejects the credentials of the server, or the write kept losing to concurrent writers.',
  'KUBERNETES::TIMEOUT': 'The Kubernetes API server did not respond within 5 seconds.',
  'POOL::VERSION_CONFLICT': 'The pool has changed since the ETag in `If-Match` was issued.',
  'POOL::IN_USE': 'Members of the pool are allocated; use `force=true` to delete it anyway.',
  'POOL::DELETING': 'The pool is being deleted and hands out no members.',
  'POOL::NOT_MANAGED':
    'On Kubernetes: Warmpool does not manage the members of this pool. The message names the annotation that changes that.',
  'POOL::CONTESTED':
    'On Kubernetes: another controller acts on the pool, which hands out no members until 5 minutes after that stops.',
  'CLAIM::NOT_FOUND': 'No claim with this id exists, or it ended and is no longer remembered.',
  'CLAIM::ENDED': 'The claim has ended; the message says how.',
  'CLAIM::TIMEOUT': 'No member became ready within `waitSeconds`, but members are starting.',
  'MEMBER::NOT_FOUND': 'The pool has no member with this name.',
  'MEMBER::IN_USE': 'A claim holds the member; use `force=true` to stop it anyway.',
  'IDEMPOTENCY::KEY_REUSED': 'The Idempotency-Key was already used with a different request body.',
  'RUNTIME::NOT_SUPPORTED': 'The configured runtime does not support this operation.',
  'SERVER::BUSY': 'The maximum number of open streams, or of clients that wait for a member, is reached.',
  'SERVER::SHUTTING_DOWN': 'The server is shutting down.',
  'INTERNAL::ERROR': 'Internal server error; the server logs its cause under the request id.',
};
