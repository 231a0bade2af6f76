// Limits that clients can rely on. docs/api.md and the OpenAPI document state the same figures; a test compares them.

/** Maximum value of an int32 field in Kubernetes. */
export const INT32_MAX = 2_147_483_647;

/** Maximum length of a pool's name, in characters: members carry it as a label value (RFC 1123 label). */
export const NAME_MAX_LENGTH = 63;

/** Maximum total size of an object's annotations, in bytes of keys and values (the limit of Kubernetes). */
export const ANNOTATIONS_MAX_BYTES = 262_144;

/** Maximum size of a request body, in bytes. */
export const BODY_MAX_BYTES = 1_048_576;

/** Maximum nesting depth of objects and arrays in a request body. */
export const JSON_MAX_DEPTH = 100;

/** Maximum number of violations in one response; if there are more, the last entry says so. */
export const VIOLATIONS_MAX = 1_000;

/** Maximum number of calls in one tRPC batch. */
export const BATCH_MAX_CALLS = 50;

/** Default number of decisions in one response. */
export const DECISIONS_DEFAULT_LIMIT = 50;

/** Maximum number of decisions in one response, and of decisions kept for each pool. */
export const DECISIONS_MAX_LIMIT = 500;

/** Maximum number of pools or claims in one page of a list. */
export const PAGE_MAX_LIMIT = 1_000;

/** Maximum length of an Idempotency-Key, in characters. */
export const IDEMPOTENCY_KEY_MAX_LENGTH = 255;

/** How long a request with an Idempotency-Key is remembered while the resource exists, in milliseconds. */
export const IDEMPOTENCY_MS = 24 * 60 * 60 * 1_000;

/** Default duration of a claim's lease, in seconds. */
export const TTL_DEFAULT_SECONDS = 3_600;

/** Maximum duration of a claim's lease, in seconds. */
export const TTL_MAX_SECONDS = 604_800;

/** Maximum time that a client can wait for a member, in seconds. */
export const WAIT_MAX_SECONDS = 300;

/** Maximum number of labels of a claim. */
export const CLAIM_LABELS_MAX = 64;

/** Maximum total size of a claim's labels, in bytes of keys and values. */
export const CLAIM_LABELS_MAX_BYTES = 16_384;

/** Default number of claims in one page. */
export const CLAIMS_DEFAULT_LIMIT = 500;

/** Maximum number of clients that wait for a member of one pool. */
export const WAITING_PER_POOL_MAX = 1_000;

/** Maximum number of clients that wait for a member of any pool. */
export const WAITING_MAX = 5_000;

/** Maximum number of ended claims that are remembered. */
export const ENDED_CLAIMS_MAX = 10_000;

/** How long an ended claim is remembered, in milliseconds. */
export const ENDED_CLAIM_MS = 60 * 60 * 1_000;

/** Time between two samples of a pool, in seconds; steps of a history are multiples of it. */
export const SAMPLE_SECONDS = 10;

/** Time between two samples in the part of a history that is older than a day, in seconds. */
export const COARSE_SAMPLE_SECONDS = 300;

/** Default duration of the range of a history, in seconds. */
export const HISTORY_DEFAULT_SECONDS = 30 * 60;

/** Maximum number of points in a history whose request has no step. */
export const HISTORY_DEFAULT_POINTS = 500;

/** Maximum number of points in a history. */
export const HISTORY_MAX_POINTS = 3_000;

/** Maximum number of open streams. */
export const STREAMS_MAX = 5_000;

/** Interval of heartbeats on an idle stream, in milliseconds. */
export const HEARTBEAT_MS = 15_000;

/** Number of changes that are kept for resuming a stream. */
export const REMEMBERED_CHANGES = 10_000;

/** Prefixes of annotations owned by Warmpool and kubectl: rejected in requests, omitted from responses, kept by writes. */
export const RESERVED_ANNOTATION_PREFIXES = ['warmpool.dev/', 'kubectl.kubernetes.io/'] as const;

/** Request header with the API key. */
export const API_KEY_HEADER = 'OPEN-SANDBOX-API-KEY';

/** Maximum length of an API key, in characters. */
export const API_KEY_MAX_LENGTH = 1_024;

/** Header with the request id, on requests and on every response. */
export const REQUEST_ID_HEADER = 'X-Request-ID';

/** Header that requests with a session cookie must send, with the value 1, if their method is not GET or HEAD. */
export const SESSION_HEADER = 'X-Warmpool-Session';
