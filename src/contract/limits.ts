// Bounds that callers can rely on. api.md and the OpenAPI document state the same figures.

/** Largest value of a Kubernetes int32 field. */
export const INT32_MAX = 2_147_483_647;

/** Longest name of a pool, in characters: its members carry it as a label value (RFC 1123 label). */
export const NAME_MAX_LENGTH = 63;

/** Largest total size of an object's annotations, in bytes of keys and values (Kubernetes' own bound). */
export const ANNOTATIONS_MAX_BYTES = 262_144;

/** Largest request body that is parsed, in bytes. */
export const BODY_MAX_BYTES = 1_048_576;

/** Deepest nesting of objects and arrays in a request body. */
export const JSON_MAX_DEPTH = 100;

/** Most violations that one answer names; behind them it says that there are more. */
export const VIOLATIONS_MAX = 1_000;

/** Most calls in one tRPC batch. */
export const BATCH_MAX_CALLS = 50;

/** Decisions answered when no `limit` is given. */
export const DECISIONS_DEFAULT_LIMIT = 50;

/** Most decisions in one answer; also how many are kept for each pool. */
export const DECISIONS_MAX_LIMIT = 500;

/** Most pools in one page of a list. */
export const PAGE_MAX_LIMIT = 1_000;

/** Longest Idempotency-Key, in characters. */
export const IDEMPOTENCY_KEY_MAX_LENGTH = 255;

/** How long a request with an Idempotency-Key is remembered, in milliseconds, while what it made exists. */
export const IDEMPOTENCY_MS = 24 * 60 * 60 * 1_000;

/** Most streams that are open at once. */
export const STREAMS_MAX = 5_000;

/** How often a quiet stream shows that it is alive, in milliseconds. */
export const HEARTBEAT_MS = 15_000;

/** How many changes a stream can be resumed over. */
export const REMEMBERED_CHANGES = 10_000;

/** Annotations under these prefixes belong to Warmpool and kubectl: refused in requests, left out of answers, kept by writes. */
export const RESERVED_ANNOTATION_PREFIXES = ['warmpool.dev/', 'kubectl.kubernetes.io/'] as const;

/** Request header that carries the API key. */
export const API_KEY_HEADER = 'OPEN-SANDBOX-API-KEY';

/** Longest API key, in characters. */
export const API_KEY_MAX_LENGTH = 1_024;

/** Header that names a request, on requests and on every response. */
export const REQUEST_ID_HEADER = 'X-Request-ID';
