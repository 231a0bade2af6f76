// What the document says of answers that every operation shares: errors by status, and the request id.
import { ERRORS, type ErrorCode } from '../../contract/errors.ts';
import { REQUEST_ID_HEADER } from '../../contract/limits.ts';

export const REQUEST_ID = {
  [REQUEST_ID_HEADER]: {
    description: 'The name of the request: the one that was sent, or a new one.',
    schema: { type: 'string' as const },
  },
};

/** Stands beside the others on answers to reads. */
export const AGE = {
  Age: {
    description: 'How old the answer may be, in seconds; only while the server is out of touch with the cluster.',
    schema: { type: 'integer' as const, minimum: 0 },
  },
};

/** Of a pool or a list of pools, and not of dry runs. */
export const ETAG = {
  ETag: { description: 'The version of what is answered.', schema: { type: 'string' as const } },
  'Cache-Control': {
    description: '`private, no-cache`: ask again each time, with If-None-Match.',
    schema: { type: 'string' as const },
  },
};

export const LOCATION = {
  Location: { description: 'Where the new pool is found.', schema: { type: 'string' as const } },
};

export const REPLAYED = {
  'Idempotency-Replayed': {
    description: '`true` when the request had been carried out before.',
    schema: { type: 'string' as const },
  },
};

/** Not in the table of call options: it concerns the answer, and no procedure. */
export const IF_NONE_MATCH = {
  in: 'header' as const,
  name: 'If-None-Match',
  description: 'ETags that the caller has the answers of.',
  required: false,
  schema: { type: 'string' as const },
};

/** The content of an error response, with an example of each code. */
const errorContent = (codes: readonly ErrorCode[]) => ({
  'application/json': {
    schema: { $ref: '#/components/schemas/Error' },
    examples: Object.fromEntries(
      codes.map((code) => [
        code.replaceAll('::', '.'),
        { value: { code, message: ERRORS[code].description, requestId: '08c8982c703446eca8fbbb4d210706af' } },
      ]),
    ),
  },
});

const RETRY_AFTER = {
  'Retry-After': {
    description: 'When to try again, in seconds; where that is known.',
    schema: { type: 'integer' as const, minimum: 0 },
  },
};

const ACCEPT_PATCH = {
  'Accept-Patch': {
    description: 'The media types that would do; on PATCH.',
    schema: { type: 'string' as const },
  },
};

const MORE_HEADERS: Readonly<Record<number, object>> = {
  415: ACCEPT_PATCH,
  429: RETRY_AFTER,
  503: RETRY_AFTER,
  504: RETRY_AFTER,
};

/** One response a status, its description a list of the codes that come with it. */
export const errorResponses = (codes: readonly ErrorCode[]) => {
  const byStatus = Map.groupBy([...new Set(codes)], (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, its]) => [
      String(status),
      {
        description: its.map((code) => `\`${code}\`: ${ERRORS[code].description}`).join('\n\n'),
        headers: { ...REQUEST_ID, ...MORE_HEADERS[status] },
        content: errorContent(its),
      },
    ]),
  );
};
