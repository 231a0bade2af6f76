// Ends a server's connections in order: those that are idle at once, the others when they are.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setInterval, setTimeout } from 'node:timers';

/** How long running requests may take to end, in milliseconds. */
const GRACE_MS = 10_000;
const SWEEP_MS = 50;

/** Follows the connections of a server. The answer stops it: resolves when no connection is left, after 10 s at most. */
export const prepareClosing = (server: Server): (() => Promise<void>) => {
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });

  // Node calls a connection idle when an answer was sent on it. Browsers open some that they may use later.
  const closeUnused = () => {
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
  };

  return async () => {
    const sweep = setInterval(() => {
      server.closeIdleConnections();
      closeUnused();
    }, SWEEP_MS);
    const deadline = setTimeout(() => {
      server.closeAllConnections();
    }, GRACE_MS);
    await new Promise((resolve) => server.close(resolve));
    clearInterval(sweep);
    clearTimeout(deadline);
  };
};
