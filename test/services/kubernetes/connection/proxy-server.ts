// A real HTTP proxy on the loopback: it connects every host to the loopback, and records its requests.
import { createServer, request as send } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** @param status What it responds to CONNECT with; other than 200 it refuses. */
export const startProxy = async (status = 200) => {
  const targets: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    targets.push(request.url ?? '');
    const { port, pathname } = new URL(request.url ?? '');
    const forwarded = send({ port, host: '127.0.0.1', path: pathname, headers: request.headers }, (received) => {
      response.writeHead(received.statusCode ?? 502, received.headers);
      received.pipe(response);
    });
    request.pipe(forwarded);
  });
  server.on('connect', (request, socket) => {
    targets.push(request.url ?? '');
    authorizations.push(request.headers['proxy-authorization']);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} Refused\r\n\r\n`);
      return;
    }
    const upstream = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
    });
    for (const one of [socket, upstream]) one.on('error', () => one.destroy()).on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, targets, authorizations };
};

/** A SOCKS5 proxy without authentication that connects every host to the loopback. */
export const startSocksProxy = async () => {
  const { createServer: createTcpServer } = await import('node:net');
  const targets: string[] = [];
  const server = createTcpServer((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (connectRequest) => {
        const length = connectRequest[4] ?? 0;
        const port = connectRequest.readUInt16BE(connectRequest.length - 2);
        targets.push(`${connectRequest.subarray(5, 5 + length).toString()}:${port}`);
        const upstream = connect(port, '127.0.0.1', () => {
          socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
          socket.pipe(upstream).pipe(socket);
        });
        upstream.on('error', () => socket.destroy());
        socket.on('close', () => upstream.destroy());
      });
    });
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, targets };
};
