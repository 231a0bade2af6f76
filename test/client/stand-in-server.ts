// A small tRPC server with a subscription that the test writes: for what a real server does only when it fails.
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

/** What one connection yields: `attempt` counts from 1, `lastEventId` is what the client resumes from. */
export type Watch = (attempt: number, lastEventId: string | undefined, signal: AbortSignal) => AsyncGenerator<number>;

const makeRouter = (
  watch: (lastEventId: string | undefined, signal: AbortSignal) => AsyncGenerator<number>,
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
        for await (const value of watch(input?.lastEventId, signal ?? new AbortController().signal))
          yield tracked(String(value), value);
      }),
    }),
  });
};

/** Tells EventSource to connect again after 20 ms instead of 3 s, in front of the first event. */
const hurry = (response: ServerResponse) => {
  const write = response.write.bind(response);
  response.write = (chunk: unknown) => {
    response.write = write;
    response.write('retry: 20\n\n');
    return response.write(chunk);
  };
};

/** Serves `watch`; `stop` cuts every connection. `requests` is what arrived. */
export const startStandIn = async (watch: Watch, { port, ...sse }: Sse & { port?: number } = {}) => {
  const requests: { url: string | undefined; key: unknown }[] = [];
  const router = makeRouter((lastEventId, signal) => watch(requests.length, lastEventId, signal), sse);
  const handler = createHTTPHandler({ router, basePath: '/trpc/' });
  const server = await startHttpServer((request, response) => {
    requests.push({ url: request.url, key: request.headers['open-sandbox-api-key'] });
    hurry(response);
    handler(request, response);
  }, port);
  return { ...server, requests };
};

type StandInRouter = ReturnType<typeof makeRouter>;

/** Subscribes with the client of the package, and notes all that it tells. */
export const watchWith = (
  url: string,
  { apiKey = API_KEY, timeoutMs }: { apiKey?: string; timeoutMs?: number } = {},
) => {
  const client = createWarmpoolClient({ url, apiKey, timeoutMs }) as unknown as TRPCClient<StandInRouter>;
  const seen = { data: [] as number[], states: [] as string[], errors: [] as WarmpoolClientError[], isComplete: false };
  const noted = (error: unknown) => {
    expect(error).toBeInstanceOf(WarmpoolClientError);
    return error as WarmpoolClientError;
  };
  const subscription = client.pools.watch.subscribe(
    { name: 'a' },
    {
      onData: ({ data }) => seen.data.push(data),
      onConnectionStateChange: ({ state, error }) => seen.states.push(error ? noted(error).code : state),
      onError: (error) => seen.errors.push(noted(error)),
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
