// The events of a watch: one JSON object per line. Source: Kubernetes API concepts, "Efficient detection of changes".
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { ApiException } from '@kubernetes/client-node/dist/gen/apis/exception.js';
import { z } from 'zod';
import { parseJson } from '../../../lib/json.ts';
import { toClusterError } from '../connection/api-error.ts';

const Line = z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']), object: z.unknown() });
const BookmarkObject = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
const ErrorStatus = z.looseObject({ code: z.number() });

/** A change to one object, or a bookmark: its metadata has the version up to which everything was sent. */
export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly object: z.output<typeof BookmarkObject> };

/** Reads a watch until it ends. Rejects with a WarmpoolError when it breaks, and for an event that is an error or cannot be parsed. */
export async function* readWatchEvents<T>(body: Readable, schema: z.ZodType<T>): AsyncGenerator<WatchEvent<T>> {
  const lines = createInterface({ input: body }).on('error', () => undefined);
  try {
    for await (const text of lines) {
      const { type, object } = Line.parse(parseJson(text));
      if (type === 'ERROR') throw new ApiException(ErrorStatus.parse(object).code, 'watch', object, {});
      yield type === 'BOOKMARK'
        ? { type, object: BookmarkObject.parse(object) }
        : { type, object: schema.parse(object) };
    }
  } catch (error) {
    throw toClusterError(error, 'watch');
  } finally {
    lines.close();
    body.destroy();
  }
}
