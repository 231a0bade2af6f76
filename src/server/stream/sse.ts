// Server-sent events as text. Source: HTML Living Standard, section 9.2.
import type { PoolStreamEvent } from '../../contract/pool-event.ts';
import { memoize } from '../../lib/memoize.ts';
import { basicPoolJson } from '../../services/pools/representation/pool-response.ts';
import type { Batch } from '../../services/stream/channel.ts';

const dataOf = (event: PoolStreamEvent): string => {
  switch (event.type) {
    case 'added':
    case 'modified':
      return `{"pool":${basicPoolJson(event.pool)}}`;
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
