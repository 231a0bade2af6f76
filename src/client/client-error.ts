// The only error class of the client.
import { TRPCClientError } from '@trpc/client';
import { ERRORS, type ErrorCode, type Violation } from '../contract/errors.ts';
import type { AppRouter } from '../router/app-router.ts';

/**
 * A code of the server's error table, or one of the client's own:
 * - `CLIENT::UNREACHABLE`: no complete response. The server may have carried out the call.
 * - `CLIENT::TIMEOUT`: no complete response within `timeoutMs`. The server may have carried out the call.
 * - `CLIENT::ABORTED`: the caller's `signal` aborted the call.
 * - `CLIENT::BAD_ANSWER`: the response is not from a Warmpool server, or from one that this client does not support.
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

/** Statuses with which a proxy asks to try again later. */
const RETRYABLE_STATUSES: ReadonlySet<number | undefined> = new Set([408, 429, 502, 503, 504]);

/** The error that failed queries and mutations reject with, and that `onError` of a subscription receives. */
export class WarmpoolClientError extends TRPCClientError<AppRouter> {
  /** What went wrong, for programs. `message` is for people. */
  readonly code: ClientErrorCode;
  /** HTTP status; undefined if there was no response. */
  readonly status: number | undefined;
  /** Identifies the request in the server's log; undefined if the response has none. */
  readonly requestId: string | undefined;
  /** Every rule that the input breaks, for REQUEST::INVALID and KUBERNETES::REJECTED; otherwise empty. */
  readonly violations: readonly Violation[];
  /** Whether the same call may succeed if it is repeated later. */
  readonly isRetryable: boolean;

  constructor(code: ClientErrorCode, { message, status, requestId, violations = [], cause }: ErrorDetails) {
    super(message, cause instanceof Error ? { cause } : {});
    // The constructor of TRPCClientError sets its own prototype.
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
  if (code === 'CLIENT::BAD_ANSWER') return RETRYABLE_STATUSES.has(status);
  if (code === 'CLIENT::UNREACHABLE' || code === 'CLIENT::TIMEOUT') return true;
  return code !== 'CLIENT::ABORTED' && ERRORS[code].isRetryable;
};
