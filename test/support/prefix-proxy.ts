// A reverse proxy that serves a server below a path prefix.
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { onTestFinished } from 'vitest';

/** Starts a proxy that removes the prefix from paths and changes nothing else. Returns its URL, without the prefix. */
export const startPrefixProxy = async (target: string, prefix: string): Promise<string> => {
  const proxy = createServer((request, response) => {
    const { method, headers, url = '' } = request;
    if (!url.startsWith(prefix)) {
      response.writeHead(404).end();
      return;
    }
    const forwarded = httpRequest(`${target}${url.slice(prefix.length)}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, response, () => undefined);
    });
    forwarded.on('error', () => response.destroy());
    response.on('close', () => forwarded.destroy());
    request.pipe(forwarded);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
};
