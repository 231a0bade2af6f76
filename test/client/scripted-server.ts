// A small tRPC server whose subscription the test scripts, for what a real server does only when it fails.
import type { ServerResponse } from 'node:http';
import { initTRPC, tracked } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import type { TRPCClient } from '@trpc/client';
import { expect } from 'vitest';
import { z } from 'zod';
import { createWarmpoolClient, WarmpoolClientError } from '../../src/client/index.ts';
import { toErrorShape, toWarmpoolError } from '../../src/router/error-funnel.ts';
import { API_KEY } from '../support/test-server.ts';
import { startHttpServer } from './raw-server.ts';

type Sse = { pingMs?: number; reconnectAfterInactivityMs?: number };

/** What one connection yields. `attempt` starts at 1; the client resumes from `lastEventId`. */
export type Script = (attempt: number, lastEventId: string | undefined, signal: AbortSignal) => AsyncGenerator<number>;

const createRouter = (
  script: (lastEventId: string | undefined, signal: AbortSignal) => AsyncGenerator<number>,
  sse: Sse,
) => {
  const { pingMs, reconnectAfterInactivityMs } = sse;
  const trpc = initTRPC.create({
    isDev: false,
    errorFormatter: ({ error }) => toErrorShape(toWarmpoolError(error), 'r'),
    sse: {
      ping: pingMs === undefined ? { enabled: false } : { enabled: true, intervalMs: pingMs },
      client: reconnectAfterInactivityMs === undefined ? {} : { reconnectAfterInactivityMs },
    },
  });
  const Input = z.object({ name: z.string().optional(), lastEventId: z.string().optional() }).optional();
  return trpc.router({
    pools: trpc.router({
      watch: trpc.procedure.input(Input).subscription(async function* ({ input, signal }) {
        for await (const value of script(input?.lastEventId, signal ?? new AbortController().signal))
          yield tracked(String(value), value);
      }),
    }),
  });
};

/** Makes EventSource reconnect after 20 ms instead of 3 s, before the first event. */
const shortenRetry = (response: ServerResponse) => {
  const write = response.write.bind(response);
  response.write = (chunk: unknown) => {
    response.write = write;
    response.write('retry: 20\n\n');
    return response.write(chunk);
  };
};

/** Serves the script. `stop` cuts every connection; `requests` lists what arrived. */
export const startScriptedServer = async (script: Script, { port, ...sse }: Sse & { port?: number } = {}) => {
  const requests: { url: string | undefined; key: unknown }[] = [];
  const router = createRouter((lastEventId, signal) => script(requests.length, lastEventId, signal), sse);
  const handler = createHTTPHandler({ router, basePath: '/trpc/' });
  const server = await startHttpServer((request, response) => {
    requests.push({ url: request.url, key: request.headers['open-sandbox-api-key'] });
    shortenRetry(response);
    handler(request, response);
  }, port);
  return { ...server, requests };
};

type ScriptedRouter = ReturnType<typeof createRouter>;

/** Subscribes with the client of the package, and records everything it reports. */
export const subscribe = (
  url: string,
  { apiKey = API_KEY, timeoutMs }: { apiKey?: string; timeoutMs?: number } = {},
) => {
  const client = createWarmpoolClient({ url, apiKey, timeoutMs }) as unknown as TRPCClient<ScriptedRouter>;
  const seen = { data: [] as number[], states: [] as string[], errors: [] as WarmpoolClientError[], isComplete: false };
  const clientError = (error: unknown) => {
    expect(error).toBeInstanceOf(WarmpoolClientError);
    return error as WarmpoolClientError;
  };
  const subscription = client.pools.watch.subscribe(
    { name: 'a' },
    {
      onData: ({ data }) => seen.data.push(data),
      onConnectionStateChange: ({ state, error }) => seen.states.push(error ? clientError(error).code : state),
      onError: (error) => seen.errors.push(clientError(error)),
      onComplete: () => (seen.isComplete = true),
    },
  );
  return {
    seen,
    unsubscribe: () => {
      subscription.unsubscribe();
    },
  };
};
