// GET /v1/pool-events: the stream of pools as server-sent events (HTML Living Standard, section 9.2).
import type { Request, RequestHandler, Response } from 'express';
import { WatchOptions, type PoolStreamEvent } from '../../contract/pool-event.ts';
import { memoize } from '../../lib/memoize.ts';
import type { Context } from '../../router/trpc.ts';
import { basicPoolJson } from '../../services/pools/representation/pool-response.ts';
import type { Batch } from '../../services/stream/selector-view.ts';
import type { StreamReader } from '../../services/stream/stream-reader.ts';
import { below, toViolations } from '../../contract/violations.ts';
import { invalidRequest } from '../../services/warmpool-error.ts';
import { callOf } from '../http/call.ts';
import { queryFields, unsupportedHeaders } from '../http/parameters.ts';

export const STREAM_PATH = '/v1/pool-events';

/** How long clients should wait before reconnecting, in milliseconds. */
const RETRY_MS = 2_000;
/** Maximum time for a client to receive one batch, in milliseconds. */
const STALL_MS = 60_000;

const HEAD = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' };

export const serveStream =
  (contextOf: (request: Request) => Context): RequestHandler =>
  async (request, response) => {
    const call = callOf(request);
    call.operation = 'pools.watch';
    const reader = await contextOf(request).stream.open(readOptions(request));
    call.isStream = true;
    const close = () => {
      reader.close();
    };
    response.on('close', close);
    try {
      response.writeHead(200, HEAD);
      if (request.method === 'HEAD') response.end();
      else await sendEvents(reader, response);
    } finally {
      // The client may have disconnected before the stream was open.
      close();
    }
  };

/** The header takes precedence: an EventSource that reconnects still has the id of its first connection in its URL. */
const readOptions = (request: Request): WatchOptions => {
  const { fields, violations: ofQuery } = queryFields(request.url, QUERY);
  const { data, error } = WatchOptions.safeParse(fields);
  const ofValues = error ? below(['query'], toViolations(error)) : [];
  const violations = [...ofQuery, ...unsupportedHeaders(request.headers), ...ofValues];
  if (data === undefined || violations.length > 0) throw invalidRequest(violations);
  // An empty id comes from a client that has not received anything yet.
  const lastEventId = [request.get('Last-Event-ID'), data.lastEventId].find((id) => id !== undefined && id !== '');
  return { ...data, lastEventId };
};

const QUERY = new Map(Object.keys(WatchOptions.shape).map((name) => [name, 'string' as const]));

const dataOf = (event: PoolStreamEvent): string =>
  'pool' in event ? `{"type":"${event.type}","pool":${basicPoolJson(event.pool)}}` : JSON.stringify(event);

/** The bytes of a batch, encoded once for all readers that receive it. */
const batchBytes = memoize((batch: Batch): Buffer =>
  Buffer.from(batch.map(({ id, event }) => `id: ${id}\nevent: ${event.type}\ndata: ${dataOf(event)}\n\n`).join('')),
);

/** Shows that the stream is alive, and moves the point to resume from. */
const heartbeat = (id: string | undefined): string => (id === undefined ? ':\n\n' : `:\nid: ${id}\n\n`);

/** Sends events as fast as the client receives them, until the reader or the client ends. */
const sendEvents = async (reader: StreamReader, response: Response): Promise<void> => {
  // A comment, so that the head is sent, and how long to wait before reconnecting.
  response.write(`: warmpool\nretry: ${RETRY_MS}\n\n`);
  while (!response.closed) {
    const batch = reader.cursor.next();
    if (batch !== undefined) {
      if (!response.write(batchBytes(batch))) await drain(response);
      continue;
    }
    const why = await reader.wait();
    if (why === 'ended') break;
    if (why === 'heartbeat') response.write(heartbeat(reader.cursor.bookmark()?.id));
  }
  response.end();
};

/** Resolves when the client has received everything or disconnected. A client that takes too long is disconnected, and can resume. */
const drain = (response: Response): Promise<void> =>
  new Promise((resolve) => {
    const stall = setTimeout(() => response.destroy(), STALL_MS);
    const end = () => {
      clearTimeout(stall);
      response.off('drain', end).off('close', end);
      resolve();
    };
    response.on('drain', end).on('close', end);
  });
