// A client that disconnects before its stream is open.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import type { Context } from '../../../src/router/trpc.ts';
import { beginCall } from '../../../src/server/http/call.ts';
import { serveStream, STREAM_PATH } from '../../../src/server/stream/serve-stream.ts';
import { startPoolStream } from '../../services/stream/start-pool-stream.ts';

test('A client that disconnects before its stream is open leaves no reader', async () => {
  const { stream } = startPoolStream();
  const requested = Promise.withResolvers<undefined>();
  const disconnected = Promise.withResolvers<undefined>();
  const served = Promise.withResolvers<undefined>();
  // Like a store that has not been read yet.
  const slowStream = {
    open: async () => {
      requested.resolve(undefined);
      await disconnected.promise;
      return stream.open({});
    },
  };
  const app = express();
  app.get(STREAM_PATH, async (request, response, next) => {
    beginCall(request, { requestId: 'r', startedMs: 0 });
    response.on('close', () => {
      disconnected.resolve(undefined);
    });
    await serveStream(() => ({ stream: slowStream }) as unknown as Context)(request, response, next);
    served.resolve(undefined);
  });
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const controller = new AbortController();
  const { port } = server.address() as AddressInfo;
  const request = fetch(`http://127.0.0.1:${port}${STREAM_PATH}`, { signal: controller.signal });
  request.catch(() => undefined);
  await requested.promise;
  controller.abort();
  await served.promise;
  expect(stream.readerCount).toBe(0);
});
