// The baselines: a bare node:http handler and a plain Express route with JSON, responding with the bytes that they receive from the parent.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Started } from './child.ts';

process.once('message', (text: string) => {
  const bytes = Buffer.from(text);
  const value: unknown = JSON.parse(text);
  const app = express();
  app.use(express.json());
  app.get('/express', (_request, response) => {
    response.json(value);
  });

  const server = createServer((request, response) => {
    if (request.url !== '/bare') {
      app(request, response);
      return;
    }
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes.length });
    response.end(bytes);
  });
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.send?.({ url: `http://127.0.0.1:${port}`, startMs: performance.now() } satisfies Started);
  });
  process.once('SIGTERM', () => process.exit());
});
