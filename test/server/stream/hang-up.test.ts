// A client that is gone before its stream is open.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import type { Context } from '../../../src/router/trpc.ts';
import { beginCall } from '../../../src/server/http/call.ts';
import { serveStream, STREAM_PATH } from '../../../src/server/stream/serve-stream.ts';
import { openStream } from '../../services/stream/open-stream.ts';

test('takes no place in the stream', async () => {
  const { stream } = openStream();
  const asked = Promise.withResolvers<undefined>();
  const hungUp = Promise.withResolvers<undefined>();
  const served = Promise.withResolvers<undefined>();
  // A store that was not read yet keeps the client waiting.
  const slow = {
    open: async () => {
      asked.resolve(undefined);
      await hungUp.promise;
      return stream.open({});
    },
  };
  const app = express();
  app.get(STREAM_PATH, async (request, response, next) => {
    beginCall(request, { requestId: 'r', startedMs: 0 });
    response.on('close', () => {
      hungUp.resolve(undefined);
    });
    await serveStream({ contextOf: () => ({ stream: slow }) as unknown as Context })(request, response, next);
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
  await asked.promise;
  controller.abort();
  await served.promise;
  expect(stream.readerCount).toBe(0);
});
