// The subscription pools.watch: the events of one stream reader, each with its id.
import { tracked } from '@trpc/server';
import { WatchOptions } from '../contract/pool-event.ts';
import { serverIsStopping, WarmpoolError } from '../services/warmpool-error.ts';
import { procedure } from './trpc.ts';

/** tRPC clients reconnect after errors with a status of 500 or above, and after no other. */
const toReconnectable = (error: unknown): never => {
  if (error instanceof WarmpoolError && error.code === 'KUBERNETES::THROTTLED') {
    const { message, retryAfterSeconds } = error;
    const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    throw new WarmpoolError('KUBERNETES::UNAVAILABLE', message, { cause: error, ...retry });
  }
  throw error;
};

export const watchPools = procedure.input(WatchOptions.optional()).subscription(async function* ({
  ctx,
  input,
  signal,
}) {
  const reader = await ctx.stream.open(input ?? {}).catch(toReconnectable);
  const close = () => {
    reader.close();
  };
  signal?.addEventListener('abort', close);
  let sentId: string | undefined;
  try {
    for (;;) {
      const batch = reader.cursor.next();
      if (batch !== undefined) {
        for (const { id, event } of batch) yield tracked(id, event);
        sentId = batch.at(-1)?.id;
        continue;
      }
      const why = await reader.wait();
      if (why === 'ended') break;
      // tRPC's pings have no id: without bookmarks a quiet subscription could not be resumed after many other changes.
      const bookmark = reader.cursor.bookmark();
      if (why === 'heartbeat' && bookmark !== undefined && bookmark.id !== sentId) {
        sentId = bookmark.id;
        yield tracked(bookmark.id, bookmark.event);
      }
    }
  } finally {
    close();
  }
  // Ending without an error would mean that the stream is complete; after this one the client reconnects.
  if (signal?.aborted !== true) throw serverIsStopping();
});
