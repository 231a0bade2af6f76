// The one error class: a code of the error table, thrown by services and sent by every transport.
import { VIOLATIONS_MAX } from '../contract/limits.ts';
import { ERRORS, type ErrorCode, type Violation } from '../contract/errors.ts';
import type { FoundViolation } from '../contract/violations.ts';

type WarmpoolErrorOptions = {
  /** Every broken rule, with REQUEST::INVALID and KUBERNETES::REJECTED. */
  readonly violations?: readonly FoundViolation[];
  /** Why the server is not ready, on /ready. */
  readonly reasons?: readonly string[];
  /** Seconds until a retry can succeed: the header Retry-After. */
  readonly retryAfterSeconds?: number;
  /** Whether the write that failed may have been carried out. Default false. */
  readonly isUncertain?: boolean;
  /** The original error, for the log; never sent to clients. */
  readonly cause?: unknown;
};

export class WarmpoolError extends Error {
  override readonly name = 'WarmpoolError';
  readonly code: ErrorCode;
  readonly violations: readonly FoundViolation[] | undefined;
  readonly reasons: readonly string[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly isUncertain: boolean;

  /** @param message What is wrong and how to fix it, for the client: no host names, no credentials. */
  constructor(code: ErrorCode, message: string, options: WarmpoolErrorOptions = {}) {
    const { violations, reasons, retryAfterSeconds, isUncertain = false, cause } = options;
    super(message, { cause });
    this.code = code;
    this.violations = violations;
    this.reasons = reasons;
    this.retryAfterSeconds = retryAfterSeconds;
    this.isUncertain = isUncertain;
  }

  /** HTTP status of the code. */
  get status(): number {
    return ERRORS[this.code].status;
  }

  /** The broken rules as clients receive them. */
  get errors(): Violation[] | undefined {
    return this.violations?.map(({ path, message }) => ({ path, message }));
  }
}

/** A request, wait or stream that a stopping server ends. */
export const serverIsStopping = (): WarmpoolError =>
  new WarmpoolError('SERVER::SHUTTING_DOWN', 'The server is stopping. Send the request again in a moment.', {
    reasons: ['The server is stopping.'],
  });

/** A request that breaks the contract. */
export const invalidRequest = (violations: readonly FoundViolation[]): WarmpoolError => {
  // The message names a misspelled field rather than the required one that is missing because of it.
  const first = violations.find(({ suggestion }) => suggestion !== undefined) ?? violations[0];
  const message = first?.message ?? 'the request is invalid';
  const headline =
    first === undefined || first.path.length === 0
      ? message.charAt(0).toUpperCase() + message.slice(1)
      : `${first.path.join('.')}: ${message}`;
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more, see errors)` : '';
  const listed = violations.slice(0, VIOLATIONS_MAX);
  if (violations.length > listed.length) listed.push({ path: [], message: 'further violations are not listed' });
  return new WarmpoolError('REQUEST::INVALID', `${headline}${more}`, {
    violations: listed,
  });
};

/** A `continue` that is not a token of the list. */
export const invalidToken = (): WarmpoolError =>
  invalidRequest([
    { path: ['continue'], message: 'is not a valid token for these selectors; omit it to start at the first page' },
  ]);
