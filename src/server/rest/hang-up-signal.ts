// The signal of a call over REST, created when a procedure first reads it.
import type { ServerResponse } from 'node:http';

/** A signal that aborts if the client disconnects before it has the whole response. */
export const hangUpSignal = (response: ServerResponse): (() => AbortSignal) => {
  let controller: AbortController | undefined;
  return () => {
    if (controller !== undefined) return controller.signal;
    const created = new AbortController();
    controller = created;
    const abort = () => {
      if (!response.writableFinished) created.abort();
    };
    if (response.closed) abort();
    else response.once('close', abort);
    return created.signal;
  };
};
