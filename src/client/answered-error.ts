// Reads the error that an answer tells. By hand: zod would be half of what a browser loads of this package.
import { REQUEST_ID_HEADER } from '../contract/limits.ts';
import { ERRORS, type ErrorCode, type Violation } from '../contract/errors.ts';
import { WarmpoolClientError } from './client-error.ts';

type Unchecked = Readonly<Record<string, unknown>>;

/** The error in tRPC's envelope, or in the shape of REST, which errors have that come before the tRPC endpoint; undefined where it is neither. */
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

/** CLIENT::BAD_ANSWER for an answer in which there is nothing that this client understands. */
export const badAnswer = (response: Response, cause?: unknown): WarmpoolClientError =>
  new WarmpoolClientError('CLIENT::BAD_ANSWER', {
    message: `The answer is not one of a Warmpool server that this client knows (${describe(response)}).`,
    status: statusOf(response),
    requestId: response.headers.get(REQUEST_ID_HEADER) ?? undefined,
    cause,
  });

/** Undefined for a redirect in a browser, which shows nothing of it. */
const statusOf = ({ status }: Response) => (status === 0 ? undefined : status);

const describe = (response: Response) =>
  `status ${statusOf(response) ?? 'of a redirect'}, ${response.headers.get('Content-Type') ?? 'no Content-Type'}`;

const flatten = (body: Unchecked): Unchecked =>
  isObject(body.error) && isObject(body.error.data) ? { ...body.error.data, message: body.error.message } : body;

const isObject = (value: unknown): value is Unchecked => typeof value === 'object' && value !== null;

const isErrorCode = (value: unknown): value is ErrorCode => typeof value === 'string' && Object.hasOwn(ERRORS, value);

const isViolation = (value: unknown): value is Violation =>
  isObject(value) && Array.isArray(value.path) && typeof value.message === 'string';
