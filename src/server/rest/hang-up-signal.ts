// The signal of a call over REST, created when a procedure first reads it.
import type { ServerResponse } from 'node:http';

/** A signal that aborts if the client disconnects before it has the whole response. */
export const hangUpSignal = (response: ServerResponse): (() => AbortSignal) => {
  let signal: AbortSignal | undefined;
  return () => (signal ??= createSignal(response));
};

const createSignal = (response: ServerResponse): AbortSignal => {
  const controller = new AbortController();
  const abort = () => {
    if (!response.writableFinished) controller.abort();
  };
  if (response.closed) abort();
  else response.once('close', abort);
  return controller.signal;
};
