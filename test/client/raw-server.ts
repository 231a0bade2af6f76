// Servers that are not Warmpool, on a free port of the loopback.
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

const listen = async (server: Server | TcpServer, port: number): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** An HTTP server. `stop` cuts every connection. */
export const startHttpServer = async (listener: RequestListener, port = 0) => {
  const server = createHttpServer(listener);
  const url = await listen(server, port);
  const stop = async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(stop);
  return { url, port: Number(new URL(url).port), stop };
};

/** Accepts connections and never responds. */
export const startSilentServer = async () => {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => sockets.add(socket.on('error', () => undefined)));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: await listen(server, 0), sockets };
};

/** A URL where no server listens. */
export const unusedUrl = async (): Promise<string> => {
  const { url, stop } = await startHttpServer(() => undefined);
  await stop();
  return url;
};
