// Closes a server's connections in order: idle ones at once, the others when their last response is sent.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setInterval, setTimeout } from 'node:timers';

/** How long running requests may take to finish, in milliseconds. */
const GRACE_MS = 10_000;
const SWEEP_MS = 50;

/** Tracks the connections of a server. Returns a function that closes it, which resolves when no connection is left, after 10 s at most. */
export const prepareClosing = (server: Server): (() => Promise<void>) => {
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });

  // Node's own method, which close() calls as well, destroys a connection whose response has ended but is not flushed.
  const closeIdle = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    const sending = [...connections].filter(({ writableLength }) => writableLength > 0);
    for (const socket of sending) socket.destroy = () => socket;
    closeIdle();
    for (const socket of sending) Reflect.deleteProperty(socket, 'destroy');
    // Node treats a connection as idle only after its first response. Browsers open some that they may never use.
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
  };

  return async () => {
    const sweep = setInterval(() => {
      server.closeIdleConnections();
    }, SWEEP_MS);
    const deadline = setTimeout(() => {
      server.closeAllConnections();
    }, GRACE_MS);
    await new Promise((resolve) => server.close(resolve));
    clearInterval(sweep);
    clearTimeout(deadline);
  };
};
