// The yardstick: a plain Express route with JSON bodies that keeps what is posted in a Map.
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Started } from '../child.ts';

process.once('message', () => {
  const items = new Map<string, unknown>();
  let next = 0;
  const app = express();
  app.use(express.json());
  app.post('/items', (request, response) => {
    const id = `item-${next++}`;
    const item = { id, ...(request.body as object), createdAt: new Date().toISOString() };
    items.set(id, item);
    response.status(201).json(item);
  });
  app.delete('/items/:id', (request, response) => {
    response.status(items.delete(request.params.id) ? 204 : 404).end();
  });
  const server = app.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.send?.({ url: `http://127.0.0.1:${port}`, startMs: performance.now() } satisfies Started);
  });
  process.once('SIGTERM', () => process.exit());
});
