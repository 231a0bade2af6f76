// The one place where anything thrown becomes a WarmpoolError, for tRPC and REST.
import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { TRPC_ERROR_CODES_BY_KEY, type TRPC_ERROR_CODE_KEY, type TRPC_ERROR_CODE_NUMBER } from '@trpc/server/rpc';
import { z } from 'zod';
import type { ErrorCode, Violation } from '../contract/errors.ts';
import { toViolations } from '../contract/violations.ts';
import { invalidRequest, WarmpoolError } from '../services/warmpool-error.ts';

/** A failed tRPC call as its client receives it: `data` has the domain code. */
export type ErrorShape = {
  readonly message: string;
  /** JSON-RPC 2.0 error number, as every tRPC server sends it. */
  readonly code: TRPC_ERROR_CODE_NUMBER;
  readonly data: {
    readonly code: ErrorCode;
    readonly httpStatus: number;
    readonly requestId: string;
    readonly errors?: readonly Violation[];
  };
};

/** tRPC's number of each HTTP status. */
const NUMBERS = new Map(
  (Object.entries(TRPC_ERROR_CODES_BY_KEY) as [TRPC_ERROR_CODE_KEY, TRPC_ERROR_CODE_NUMBER][]).map(([code, number]) => [
    getHTTPStatusCodeFromError(new TRPCError({ code })),
    number,
  ]),
);

export const toErrorShape = ({ code, status, message, errors }: WarmpoolError, requestId: string): ErrorShape => ({
  message,
  code: NUMBERS.get(status) ?? TRPC_ERROR_CODES_BY_KEY.INTERNAL_SERVER_ERROR,
  data: { code, httpStatus: status, requestId, ...(errors && { errors }) },
});

/** Anything that was thrown, as an error of the table: INTERNAL::ERROR with the original as its cause where no other code applies. */
export const toWarmpoolError = (error: unknown): WarmpoolError => {
  if (error instanceof WarmpoolError) return error;
  if (!(error instanceof TRPCError)) return internal(error);
  if (error.cause instanceof WarmpoolError) return error.cause;
  switch (error.code) {
    case 'NOT_FOUND':
      return new WarmpoolError('REQUEST::NOT_FOUND', `${error.message}.`, { cause: error });
    case 'BAD_REQUEST':
    case 'PARSE_ERROR':
    case 'METHOD_NOT_SUPPORTED':
    case 'UNSUPPORTED_MEDIA_TYPE':
      // Without an input that breaks its schema, the checks before the procedure had a more exact code.
      return error.cause instanceof z.core.$ZodError
        ? invalidRequest(toViolations(error.cause))
        : new WarmpoolError('REQUEST::MALFORMED', 'The tRPC call is malformed. Check its path, method and input.', {
            cause: error,
          });
    default:
      return internal(error);
  }
};

const internal = (cause: unknown) =>
  new WarmpoolError('INTERNAL::ERROR', 'Internal server error. The server logged its cause under the request id.', {
    cause,
  });
