// Server-sent events as text. Source: HTML Living Standard, section 9.2.
import type { PoolStreamEvent } from '../../contract/pool-event.ts';
import type { PoolResponse } from '../../contract/pool.ts';
import { memoize } from '../../services/memoize.ts';
import type { Batch } from '../../services/stream/channel.ts';

/** A pool is in as many batches as there are selectors; its JSON is made once. */
const poolJson = memoize((pool: PoolResponse) => ({ text: JSON.stringify(pool) }));

const dataOf = (event: PoolStreamEvent): string => {
  switch (event.type) {
    case 'added':
    case 'modified':
      return `{"pool":${poolJson(event.pool).text}}`;
    default: {
      const { type: _type, ...data } = event;
      return JSON.stringify(data);
    }
  }
};

/** The bytes of a batch, made once for all who are sent it. */
export const batchBytes = memoize((batch: Batch): Buffer =>
  Buffer.from(batch.map(({ id, event }) => `id: ${id}\nevent: ${event.type}\ndata: ${dataOf(event)}\n\n`).join('')),
);

/** Begins a stream: a comment, so that the head is sent, and how long to wait before connecting again. */
export const beginning = (retryMs: number): string => `: warmpool\nretry: ${retryMs}\n\n`;

/** Shows that the stream is alive, and moves the point from which it is resumed. */
export const heartbeat = (id: string | undefined): string => (id === undefined ? ':\n\n' : `:\nid: ${id}\n\n`);
