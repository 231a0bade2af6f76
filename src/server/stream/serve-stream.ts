// GET /v1/pool-events: the stream of pools as server-sent events.
import type { Request, RequestHandler, Response } from 'express';
import { WatchOptions } from '../../contract/pool-event.ts';
import type { Context } from '../../router/trpc.ts';
import type { StreamReader } from '../../services/stream/stream-reader.ts';
import { toViolations } from '../../contract/violations.ts';
import { invalidRequest } from '../../services/warmpool-error.ts';
import { callOf } from '../http/call.ts';
import { queryFields, unsupportedHeaders } from '../http/parameters.ts';
import { batchBytes, heartbeat, preamble } from './sse.ts';

export const STREAM_PATH = '/v1/pool-events';

/** How long clients should wait before reconnecting, in milliseconds. */
const RETRY_MS = 2_000;
/** Maximum time for a client to receive one batch, in milliseconds. */
const STALL_MS = 60_000;

const HEAD = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' };

type StreamOptions = { readonly contextOf: (request: Request) => Context };

export const serveStream =
  ({ contextOf }: StreamOptions): RequestHandler =>
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
  const ofValues = error ? toViolations(error).map((it) => ({ ...it, path: ['query', ...it.path] })) : [];
  const violations = [...ofQuery, ...unsupportedHeaders(request.headers), ...ofValues];
  if (data === undefined || violations.length > 0) throw invalidRequest(violations);
  // An empty id comes from a client that has not received anything yet.
  const lastEventId = [request.get('Last-Event-ID'), data.lastEventId].find((id) => id !== undefined && id !== '');
  return { ...data, lastEventId };
};

const QUERY = new Map(Object.keys(WatchOptions.shape).map((name) => [name, { field: name, type: 'string' as const }]));

/** Sends events as fast as the client receives them, until the reader or the client ends. */
const sendEvents = async (reader: StreamReader, response: Response): Promise<void> => {
  response.write(preamble(RETRY_MS));
  while (!response.closed) {
    const batch = reader.take();
    if (batch !== undefined) {
      if (!response.write(batchBytes(batch))) await drain(response);
      continue;
    }
    const why = await reader.wait();
    if (why === 'ended') break;
    if (why === 'heartbeat') response.write(heartbeat(reader.bookmark()?.id));
  }
  response.end();
};

/** Resolves when the client has received everything or disconnected. One that takes too long is disconnected, and can resume. */
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
