// The baseline: a bare node:http event stream that writes the body of POST /emit to every reader.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Started } from '../child.ts';

const readers = new Set<ServerResponse>();

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write('event: bookmark\ndata: {}\n\n');
    readers.add(response);
    response.once('close', () => readers.delete(response));
    return;
  }
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.once('end', () => {
    const event = Buffer.concat(pieces);
    for (const reader of readers) reader.write(event);
    response.writeHead(204).end();
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}`, startMs: performance.now() } satisfies Started);
});
process.once('SIGTERM', () => process.exit());
