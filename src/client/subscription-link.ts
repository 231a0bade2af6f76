// Subscriptions: server-sent events, over a connection that comes back by itself and goes on behind the last event.
// Which errors end one is decided here, by the error table: tRPC has one number for every status from 500 on.
import { httpSubscriptionLink, type TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { EventSource, type EventSourceFetchInit } from 'eventsource';
import type { AppRouter } from '../router/app-router.ts';
import { badAnswer, errorInBody } from './answered-error.ts';
import { WarmpoolClientError } from './client-error.ts';
import { send, timedOut, unreachable, unsendable, type Connection } from './connection.ts';
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
          // EventSource tells that as a change of state, which ends the subscription or lets it try again.
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
          observer.error(errorOf(error) ?? unsendable(error));
        },
      });
    });

/** EventSource's own type has `any` as the signal. */
type StreamRequest = Omit<EventSourceFetchInit, 'signal'> & { readonly signal: AbortSignal };

/** Connects, or throws why it cannot. An attempt has a time; the stream has none. */
const openStream = async (connection: Connection, url: string | URL, init: StreamRequest): Promise<Response> => {
  const deadline = startDeadline(connection.timeoutMs, init.signal);
  try {
    const response = await send(connection, url, { ...init, signal: deadline.signal });
    if (response.ok && response.headers.get('Content-Type')?.startsWith('text/event-stream') === true) return response;
    throw errorInBody(await readJson(response)) ?? badAnswer(response);
  } catch (error) {
    throw deadline.isOver ? timedOut(connection, error) : error;
  } finally {
    deadline.cancel();
  }
};

const readJson = async (response: Response): Promise<unknown> => {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
};
