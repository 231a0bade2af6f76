// What the document says of answers that every operation shares: errors by status, and the request id.
import { ERRORS, type ErrorCode } from '../../contract/errors.ts';
import { REQUEST_ID_HEADER } from '../../contract/limits.ts';

export const REQUEST_ID = {
  [REQUEST_ID_HEADER]: {
    description: 'The name of the request: the one that was sent, or a new one.',
    schema: { type: 'string' as const },
  },
};

const ERROR_CONTENT = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };

/** One response a status, its description a list of the codes that come with it. */
export const errorResponses = (codes: readonly ErrorCode[]) => {
  const byStatus = Map.groupBy([...new Set(codes)], (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, its]) => [
      String(status),
      {
        description: its.map((code) => `\`${code}\`: ${ERRORS[code].description}`).join('\n\n'),
        headers: REQUEST_ID,
        content: ERROR_CONTENT,
      },
    ]),
  );
};
