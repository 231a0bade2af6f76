// Subscriptions: server-sent events over a connection that reconnects and resumes after the last event. The error table
// decides which errors end a subscription: tRPC has a single code for every status of 500 and above.
import { httpSubscriptionLink, type TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { EventSource, type EventSourceFetchInit } from 'eventsource';
import type { AppRouter } from '../router/app-router.ts';
import { badResponse, errorInBody } from './error-response.ts';
import { WarmpoolClientError } from './client-error.ts';
import { send, timedOut, unreachable, notSerializable, type Connection } from './connection.ts';
import { startDeadline } from './deadline.ts';

export const createSubscriptionLink =
  (connection: Connection): TRPCLink<AppRouter> =>
  (runtime) =>
  ({ op, next }) =>
    observable((observer) => {
      /** Why the last attempt to connect failed. */
      let failure: WarmpoolClientError | undefined;

      const fetchStream = async (url: string | URL, init: StreamRequest) => {
        failure = undefined;
        try {
          return await openStream(connection, url, init);
        } catch (error) {
          // EventSource reports this as a change of state, where the subscription either ends or reconnects.
          if (error instanceof WarmpoolClientError) failure = error;
          throw error;
        }
      };

      const errorOf = (error: TRPCClientError<AppRouter>) => failure ?? errorInBody({ error: error.shape }, error);

      const stream = httpSubscriptionLink<AppRouter, typeof EventSource>({
        url: connection.endpoint,
        EventSource,
        eventSourceOptions: { fetch: fetchStream },
      });
      return stream(runtime)({ op, next }).subscribe({
        next: (envelope) => {
          const { result } = envelope;
          if (result.type !== 'state' || result.error === null) {
            observer.next(envelope);
            return;
          }
          const error = errorOf(result.error) ?? unreachable(connection, result.error);
          if (error.isRetryable) observer.next({ ...envelope, result: { ...result, error } });
          else observer.error(error);
        },
        complete: observer.complete,
        error: (error) => {
          observer.error(errorOf(error) ?? notSerializable(error));
        },
      });
    });

/** In EventSource's own type the signal is `any`. */
type StreamRequest = Omit<EventSourceFetchInit, 'signal'> & { readonly signal: AbortSignal };

/** Opens a stream, or throws the reason why it cannot. The attempt has a deadline; the stream has none. */
const openStream = async (connection: Connection, url: string | URL, init: StreamRequest): Promise<Response> => {
  const deadline = startDeadline(connection.timeoutMs, init.signal);
  try {
    const response = await send(connection, url, { ...init, signal: deadline.signal });
    if (response.ok && response.headers.get('Content-Type')?.startsWith('text/event-stream') === true) return response;
    throw errorInBody(await response.json().catch(() => undefined)) ?? badResponse(response);
  } catch (error) {
    throw deadline.isExceeded ? timedOut(connection, error) : error;
  } finally {
    deadline.cancel();
  }
};
