// Server-sent events as text. Source: HTML Living Standard, section 9.2.
import type { PoolStreamEvent } from '../../contract/pool-event.ts';
import { memoize } from '../../lib/memoize.ts';
import { basicPoolJson } from '../../services/pools/representation/pool-response.ts';
import type { Batch } from '../../services/stream/selector-view.ts';

const dataOf = (event: PoolStreamEvent): string =>
  'pool' in event ? `{"type":"${event.type}","pool":${basicPoolJson(event.pool)}}` : JSON.stringify(event);

/** The bytes of a batch, encoded once for all readers that receive it. */
export const batchBytes = memoize((batch: Batch): Buffer =>
  Buffer.from(batch.map(({ id, event }) => `id: ${id}\nevent: ${event.type}\ndata: ${dataOf(event)}\n\n`).join('')),
);

/** Start of a stream: a comment, so that the head is sent, and how long to wait before reconnecting. */
export const preamble = (retryMs: number): string => `: warmpool\nretry: ${retryMs}\n\n`;

/** Shows that the stream is alive, and moves the point to resume from. */
export const heartbeat = (id: string | undefined): string => (id === undefined ? ':\n\n' : `:\nid: ${id}\n\n`);
