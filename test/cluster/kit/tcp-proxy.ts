// A TCP proxy in front of the API server: it can stop passing bytes on, as a network does that dropped a connection without a word.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

export const startTcpProxy = async (port: number) => {
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const server = createServer((incoming) => {
    const outgoing = connect(port, '127.0.0.1');
    const pairs = [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const;
    for (const [from, to] of pairs) {
      sockets.add(from);
      from.on('data', (chunk) => isFrozen || to.write(chunk));
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** From now on bytes are swallowed on all connections, old and new; nothing is closed. */
    freeze: () => {
      isFrozen = true;
    },
    /** New connections work again. The old ones stay dead. */
    thaw: () => {
      for (const socket of sockets) socket.removeAllListeners('data');
      isFrozen = false;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
};
