// Queries and mutations: one request each, so that each has its own deadline, signal and request id. In a batch the
// slowest call would delay the others, and one broken response would fail them all.
import { httpLink, type TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { INT32_MAX } from '../contract/limits.ts';
import type { AppRouter } from '../router/app-router.ts';
import { badResponse, errorInBody } from './error-response.ts';
import { WarmpoolClientError } from './client-error.ts';
import { send, timedOut, unreachable, notSerializable, type Connection } from './connection.ts';
import { startDeadline } from './deadline.ts';

export const createCallLink =
  (connection: Connection): TRPCLink<AppRouter> =>
  (runtime) =>
  ({ op, next }) =>
    observable((observer) => {
      const timeoutMs = Math.min(connection.timeoutMs + waitMs(op.input), INT32_MAX);
      const deadline = startDeadline(timeoutMs, op.signal);
      let response: Response | undefined;

      const errorOf = (error: TRPCClientError<AppRouter>): WarmpoolClientError => {
        if (deadline.isExceeded) return timedOut({ ...connection, timeoutMs }, error);
        if (op.signal?.aborted === true)
          return new WarmpoolClientError('CLIENT::ABORTED', { message: 'The call was aborted.', cause: error });
        if (error instanceof WarmpoolClientError) return error;
        if (response === undefined) return notSerializable(error);
        // The connection broke in the middle of the body.
        if (error.cause instanceof TypeError) return unreachable(connection, error.cause);
        return errorInBody(error.meta?.responseJSON, error) ?? badResponse(response, error);
      };

      const call = httpLink<AppRouter>({
        url: connection.endpoint,
        fetch: async (url: Parameters<typeof fetch>[0], init) =>
          (response = await send(connection, url, { ...init, signal: init?.signal ?? null })),
      });
      const subscription = call(runtime)({ op: { ...op, signal: deadline.signal }, next }).subscribe({
        next: observer.next,
        complete: observer.complete,
        error: (error) => {
          observer.error(errorOf(error));
        },
      });
      return () => {
        deadline.cancel();
        subscription.unsubscribe();
      };
    });

/** How long the input asks the server to wait, in milliseconds. */
const waitMs = (input: unknown): number =>
  typeof input === 'object' && input !== null && 'waitSeconds' in input && Number(input.waitSeconds) > 0
    ? Number(input.waitSeconds) * 1_000
    : 0;
