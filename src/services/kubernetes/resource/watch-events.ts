// The events of a watch: one JSON object a line. Source: Kubernetes API concepts, "Efficient detection of changes".
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { ApiException } from '@kubernetes/client-node';
import { z } from 'zod';
import { toClusterError } from '../connection/api-error.ts';

/** A change of one object, or a bookmark: its metadata has the version up to which everything was sent. */
export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly object: { readonly metadata: { readonly resourceVersion: string } } };

const Bookmark = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
const Line = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED']), object: z.unknown() }),
  z.object({ type: z.literal('BOOKMARK'), object: Bookmark }),
  z.object({ type: z.literal('ERROR'), object: z.looseObject({ code: z.number() }) }),
]);

/**
 * Reads the body of a watch until it ends. Rejects with a WarmpoolError when it breaks, or when the API server reports one.
 * @param parse Of the object in an event.
 */
export const readWatchEvents = <T>(body: Readable, parse: (object: unknown) => T): AsyncIterable<WatchEvent<T>> => {
  // Stays until the body ends: an error after the last line that was read would end the process.
  body.on('error', () => undefined);
  return eventsOf(body, parse);
};

async function* eventsOf<T>(body: Readable, parse: (object: unknown) => T): AsyncGenerator<WatchEvent<T>> {
  const lines = createInterface({ input: body }).on('error', () => undefined);
  try {
    for await (const text of lines) {
      const line = Line.parse(JSON.parse(text));
      if (line.type === 'ERROR') throw new ApiException(line.object.code, 'watch', line.object, {});
      yield line.type === 'BOOKMARK' ? line : { type: line.type, object: parse(line.object) };
    }
  } catch (error) {
    throw toClusterError(error, 'watch');
  } finally {
    lines.close();
    body.destroy();
  }
}
