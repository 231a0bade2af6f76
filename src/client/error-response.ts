// Reads the error in a response. Without zod, which would double the size of this package in a browser.
import { REQUEST_ID_HEADER } from '../contract/limits.ts';
import { ERRORS, type ErrorCode, type Violation } from '../contract/errors.ts';
import { WarmpoolClientError } from './client-error.ts';

type Unchecked = Readonly<Record<string, unknown>>;

/** The error in a body: tRPC's envelope, or REST's shape for requests that never reach the tRPC endpoint. Undefined for any other body. */
export const errorInBody = (body: unknown, cause?: unknown): WarmpoolClientError | undefined => {
  if (!isObject(body)) return undefined;
  const { code, message, requestId, errors } = flatten(body);
  if (!isErrorCode(code) || typeof message !== 'string') return undefined;
  return new WarmpoolClientError(code, {
    message,
    status: ERRORS[code].status,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    violations: Array.isArray(errors) ? errors.filter(isViolation) : [],
    cause,
  });
};

/** CLIENT::BAD_ANSWER, for a response that this client does not understand. */
export const badResponse = (response: Response, cause?: unknown): WarmpoolClientError => {
  // A browser reports a redirect as status 0.
  const status = response.status === 0 ? undefined : response.status;
  const { headers } = response;
  const description = `status ${status ?? 'of a redirect'}, ${headers.get('Content-Type') ?? 'no Content-Type'}`;
  return new WarmpoolClientError('CLIENT::BAD_ANSWER', {
    message: `The response is not from a Warmpool server that this client supports (${description}). Check the client's url.`,
    status,
    requestId: headers.get(REQUEST_ID_HEADER) ?? undefined,
    cause,
  });
};

const flatten = (body: Unchecked): Unchecked =>
  isObject(body.error) && isObject(body.error.data) ? { ...body.error.data, message: body.error.message } : body;

const isObject = (value: unknown): value is Unchecked => typeof value === 'object' && value !== null;

const isErrorCode = (value: unknown): value is ErrorCode => typeof value === 'string' && Object.hasOwn(ERRORS, value);

const isViolation = (value: unknown): value is Violation =>
  isObject(value) && Array.isArray(value.path) && typeof value.message === 'string';
