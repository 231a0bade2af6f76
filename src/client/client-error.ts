// The one error of the client.
import { TRPCClientError } from '@trpc/client';
import { ERRORS, type ErrorCode, type Violation } from '../contract/errors.ts';
import type { AppRouter } from '../router/app-router.ts';

/**
 * What went wrong: a code of the server's error table, or one of the client's own.
 * - `CLIENT::UNREACHABLE`: no answer; whether the server carried the call out is unknown.
 * - `CLIENT::TIMEOUT`: no whole answer within `timeoutMs`; whether the server carried the call out is unknown.
 * - `CLIENT::ABORTED`: the caller's `signal` ended the call.
 * - `CLIENT::BAD_ANSWER`: something answered that is not a Warmpool server, or one that this client does not understand.
 */
export type ClientErrorCode = ErrorCode | OwnCode;

type OwnCode = 'CLIENT::UNREACHABLE' | 'CLIENT::TIMEOUT' | 'CLIENT::ABORTED' | 'CLIENT::BAD_ANSWER';

export type ErrorDetails = {
  readonly message: string;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly violations?: readonly Violation[];
  readonly cause?: unknown;
};

/** Statuses of an answer that is not Warmpool's by which a proxy says "later". */
const LATER: ReadonlySet<number | undefined> = new Set([408, 429, 502, 503, 504]);

/** Thrown by every query and mutation that fails, and given to `onError` of every subscription that ends with an error. */
export class WarmpoolClientError extends TRPCClientError<AppRouter> {
  /** What went wrong, for programs. */
  readonly code: ClientErrorCode;
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined;
  /** The server's log has it on every line of the request. Undefined where no server of ours answered. */
  readonly requestId: string | undefined;
  /** Every broken rule, with REQUEST::INVALID and KUBERNETES::REJECTED; otherwise empty. */
  readonly violations: readonly Violation[];
  /** Whether the same call may succeed when it is made again a little later. */
  readonly isRetryable: boolean;

  constructor(code: ClientErrorCode, { message, status, requestId, violations = [], cause }: ErrorDetails) {
    super(message, cause instanceof Error ? { cause } : {});
    // The constructor above sets its own.
    Object.setPrototypeOf(this, new.target.prototype);
    this.name = 'WarmpoolClientError';
    this.code = code;
    this.status = status;
    this.requestId = requestId;
    this.violations = violations;
    this.isRetryable = isRetryable(code, status);
  }
}

const isRetryable = (code: ClientErrorCode, status: number | undefined): boolean => {
  switch (code) {
    case 'CLIENT::UNREACHABLE':
    case 'CLIENT::TIMEOUT':
      return true;
    case 'CLIENT::ABORTED':
      return false;
    case 'CLIENT::BAD_ANSWER':
      return LATER.has(status);
    default:
      return ERRORS[code].isRetryable;
  }
};
