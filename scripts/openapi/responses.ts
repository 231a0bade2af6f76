// Responses and headers that operations share: errors by status, and the headers of successes.
import { ERROR_DESCRIPTIONS } from '../../src/contract/error-descriptions.ts';
import { ErrorBody, ERRORS, type ErrorCode } from '../../src/contract/errors.ts';
import { REQUEST_ID_HEADER } from '../../src/contract/limits.ts';
import { refTo } from './schemas.ts';

const text = (description: string) => ({ description, schema: { type: 'string' as const } });
const always = (description: string) => ({ ...text(description), required: true });
const seconds = (description: string) => ({ description, schema: { type: 'integer' as const, minimum: 0 } });

export const REQUEST_ID = {
  [REQUEST_ID_HEADER]: always('Request id: the one in the request if it is valid, otherwise a generated one.'),
};

export const AGE = {
  Age: seconds('Maximum age of the data in seconds; present while the server is disconnected from the cluster.'),
};

/** @param required Whether the response has them in every case: dry runs have none. */
export const versionHeaders = (required: boolean) => ({
  ETag: { ...text('Version of the pool or list.'), required },
  'Cache-Control': { ...text('`private, no-cache`: caches must revalidate with If-None-Match.'), required },
});

export const LOCATION = { Location: always('Path of the new resource.') };

export const REPLAYED = {
  'Idempotency-Replayed': text(
    '`true` if the resource was created by an earlier request with the same Idempotency-Key.',
  ),
};

/** Not a call option: it affects the response only. */
export const IF_NONE_MATCH = {
  in: 'header' as const,
  name: 'If-None-Match',
  description: 'ETags of the versions that the client has. If the current ETag is one of them, the response is 304.',
  required: false,
  schema: { type: 'string' as const },
};

/** The content of an error response, with an example of each code. */
const errorContent = (codes: readonly ErrorCode[]) => ({
  'application/json': {
    schema: refTo(ErrorBody),
    examples: Object.fromEntries(
      codes.map((code) => [
        code.replaceAll('::', '.'),
        { value: { code, message: ERROR_DESCRIPTIONS[code], requestId: '08c8982c703446eca8fbbb4d210706af' } },
      ]),
    ),
  },
});

const RETRY_AFTER = { 'Retry-After': seconds('Number of seconds to wait before retrying; absent if unknown.') };

const MORE_HEADERS: Readonly<Record<number, object>> = {
  415: { 'Accept-Patch': text('Supported media types; on PATCH only.') },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
  504: RETRY_AFTER,
};

/** One response for each status; its description lists the codes. */
export const errorResponses = (codes: readonly ErrorCode[]) => {
  const byStatus = Map.groupBy([...new Set(codes)], (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, its]) => [
      String(status),
      {
        description: its.map((code) => `\`${code}\`: ${ERROR_DESCRIPTIONS[code]}`).join('\n\n'),
        headers: { ...REQUEST_ID, ...MORE_HEADERS[status] },
        content: errorContent(its),
      },
    ]),
  );
};
