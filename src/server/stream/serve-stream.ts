// GET /v1/pool-events: the stream of pools as server-sent events.
import type { Request, RequestHandler, Response } from 'express';
import { WatchOptions } from '../../contract/pool-event.ts';
import type { Context } from '../../router/trpc.ts';
import type { StreamReader } from '../../services/stream/stream-reader.ts';
import { toViolations } from '../../contract/violations.ts';
import { invalidRequest } from '../../services/warmpool-error.ts';
import { callOf } from '../http/call.ts';
import { queryMembers, unsupportedHeaders } from '../rest/flat-input.ts';
import { batchBytes, beginning, heartbeat } from './sse.ts';

export const STREAM_PATH = '/v1/pool-events';

/** How long clients are asked to wait before they connect again, in milliseconds. */
const RETRY_MS = 2_000;
/** How long a client may take for one batch, in milliseconds. */
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
      else await copy(reader, response);
    } finally {
      // Also where the client was gone before the stream was open.
      close();
    }
  };

/** The header wins: an EventSource that reconnects still has the id of its first connection in its URL. */
const readOptions = (request: Request): WatchOptions => {
  const { members, violations: ofQuery } = queryMembers(request.url, QUERY);
  const violations = [...ofQuery, ...unsupportedHeaders(request.headers)];
  const judged = WatchOptions.safeParse(members);
  const all = [
    ...violations,
    ...(judged.error ? toViolations(judged.error) : []).map((it) => ({ ...it, path: ['query', ...it.path] })),
  ];
  if (!judged.success || all.length > 0) throw invalidRequest(all);
  const header = request.get('Last-Event-ID');
  const lastEventId = header === undefined || header === '' ? judged.data.lastEventId : header;
  // An empty one is none: that of a client which has not received anything yet.
  return { ...judged.data, lastEventId: lastEventId === '' ? undefined : lastEventId };
};

const QUERY = new Map(Object.keys(WatchOptions.shape).map((name) => [name, { member: name, type: 'string' as const }]));

/** Sends what the reader is told, as fast as the client takes it, until one of them ends. */
const copy = async (reader: StreamReader, response: Response): Promise<void> => {
  response.write(beginning(RETRY_MS));
  while (!response.closed) {
    const batch = reader.take();
    if (batch !== undefined) {
      if (!response.write(batchBytes(batch))) await drain(response);
      continue;
    }
    const why = await reader.wait();
    if (why === 'ended') break;
    if (why === 'heartbeat') response.write(heartbeat(reader.resumeId));
  }
  response.end();
};

/** Resolves when the client took what was sent, or is gone. One that takes too long is cut off: it can resume. */
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
