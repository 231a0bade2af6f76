// A TCP proxy in front of the API server: it can drop all bytes, as a broken network would, or hold back one connection.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

/** One connection whose bytes from the API server wait. */
type Hold = { readonly held: PromiseWithResolvers<undefined>; connection?: Socket; readonly chunks: Buffer[] };

export const startTcpProxy = async (port: number) => {
  const sockets = new Set<Socket>();
  let isFrozen = false;
  let hold: Hold | undefined;
  /** Whether the bytes of a connection from the API server are held back. */
  const holdsBack = (connection: Socket, chunk: Buffer): boolean => {
    if (hold === undefined) return false;
    hold.connection ??= connection;
    if (hold.connection !== connection) return false;
    hold.chunks.push(chunk);
    hold.held.resolve(undefined);
    return true;
  };
  const server = createServer((incoming) => {
    const outgoing = connect(port, '127.0.0.1');
    const pairs = [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const;
    for (const [from, to] of pairs) {
      sockets.add(from);
      from.on('data', (chunk: Buffer) => isFrozen || (from === outgoing && holdsBack(to, chunk)) || to.write(chunk));
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** From now on all bytes are dropped on all connections, old and new; nothing is closed. */
    freeze: () => {
      isFrozen = true;
    },
    /** New connections work again. The old ones stay dead. */
    thaw: () => {
      for (const socket of sockets) socket.removeAllListeners('data');
      isFrozen = false;
    },
    /**
     * Holds back the connection on which the API server sends next: with a client that sends no calls, that is its watch.
     * `held` resolves when bytes wait; `release` sends them on.
     */
    holdNext: () => {
      const own: Hold = { held: Promise.withResolvers(), chunks: [] };
      hold = own;
      return {
        held: own.held.promise,
        release: () => {
          hold = undefined;
          for (const chunk of own.chunks) own.connection?.write(chunk);
        },
      };
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
};
