// The one error class: what went wrong as a code of the error table, thrown by services and shown by every transport.
import { VIOLATIONS_MAX } from '../contract/limits.ts';
import { ERRORS, type ErrorCode, type Violation } from '../contract/errors.ts';

type WarmpoolErrorOptions = {
  /** Every broken rule, with REQUEST::INVALID and KUBERNETES::REJECTED. */
  readonly violations?: readonly Violation[];
  /** Why the server is not ready, on /ready. */
  readonly reasons?: readonly string[];
  /** When to try again, in seconds: the header Retry-After. */
  readonly retryAfterSeconds?: number;
  /** What caused it, for the log; never shown to the caller. */
  readonly cause?: unknown;
};

export class WarmpoolError extends Error {
  override readonly name = 'WarmpoolError';
  readonly code: ErrorCode;
  readonly violations: readonly Violation[] | undefined;
  readonly reasons: readonly string[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  /** @param message What happened and what would mend it, for the caller: no host names, no credentials. */
  constructor(code: ErrorCode, message: string, options: WarmpoolErrorOptions = {}) {
    const { violations, reasons, retryAfterSeconds, cause } = options;
    super(message, { cause });
    this.code = code;
    this.violations = violations;
    this.reasons = reasons;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** HTTP status of the code. */
  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** A request that breaks the contract. */
export const invalidRequest = (violations: readonly Violation[]): WarmpoolError => {
  // A mistyped member is told before the one that is missing because of it.
  const first = violations.find(({ message }) => message.includes('did you mean')) ?? violations[0];
  const where = first === undefined || first.path.length === 0 ? 'The request' : first.path.join('.');
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more, see errors)` : '';
  const told = violations.slice(0, VIOLATIONS_MAX);
  if (violations.length > told.length) told.push({ path: [], message: 'and more' });
  return new WarmpoolError('REQUEST::INVALID', `${where}: ${first?.message ?? 'is invalid'}${more}`, {
    violations: told,
  });
};
