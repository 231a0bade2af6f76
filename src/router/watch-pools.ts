// The subscription pools.watch: the events of one reader of the stream, each with its id.
import { tracked } from '@trpc/server';
import { WatchOptions } from '../contract/pool-event.ts';
import { WarmpoolError } from '../services/warmpool-error.ts';
import { procedure } from './trpc.ts';

/** Clients of tRPC connect again after errors from 500 on, and after no other. */
const askBack = (error: unknown): never => {
  if (error instanceof WarmpoolError && error.code === 'KUBERNETES::THROTTLED')
    throw new WarmpoolError('KUBERNETES::UNAVAILABLE', error.message, { cause: error });
  throw error;
};

export const watchPools = procedure.input(WatchOptions.optional()).subscription(async function* ({
  ctx,
  input,
  signal,
}) {
  const reader = await ctx.stream.open(input ?? {}).catch(askBack);
  const close = () => {
    reader.close();
  };
  signal?.addEventListener('abort', close);
  let toldId: string | undefined;
  try {
    for (;;) {
      const batch = reader.take();
      if (batch !== undefined) {
        for (const { id, event } of batch) yield tracked(id, event);
        toldId = batch.at(-1)?.id;
        continue;
      }
      const why = await reader.wait();
      if (why === 'ended') break;
      // A ping of tRPC has no id: without this a quiet subscription could not be resumed after many other changes.
      const bookmark = reader.bookmark();
      if (why === 'heartbeat' && bookmark !== undefined && bookmark.id !== toldId) {
        toldId = bookmark.id;
        yield tracked(bookmark.id, bookmark.event);
      }
    }
  } finally {
    close();
  }
  // An end without an error would tell the client that there is nothing more to come: it is to connect again.
  if (signal?.aborted !== true) throw new WarmpoolError('SERVER::SHUTTING_DOWN', 'The server is stopping.');
});
