// A server on the loopback in place of the API server: it asks for a client certificate and records what it receives.
import { createServer as createHttpServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { Authority } from './certificates.ts';

type Received = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** Common name of the client certificate, if the authority issued it. */
  readonly certificate: string | undefined;
  readonly servername: string | false | null | undefined;
};
type Response = {
  readonly status?: number;
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
};
/** Default: status 200 with an empty object. `undefined` keeps the response open, as a watch does. */
export type Respond = (received: Received) => Response | undefined;

const commonNameOf = (socket: Socket): string | undefined => {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { CN } = socket.getPeerCertificate().subject;
  return typeof CN === 'string' ? CN : undefined;
};

const listen = async (server: Server | ReturnType<typeof createHttpServer>): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
};

const recorder = (respond: Respond) => {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers, rawHeaders, socket } = request;
      const body = Buffer.concat(chunks).toString();
      const servername =
        socket instanceof TLSSocket ? (socket as { servername?: string | false }).servername : undefined;
      const entry = { method, path, headers, rawHeaders, body, certificate: commonNameOf(socket), servername };
      received.push(entry);
      const answer = respond(entry);
      if (answer === undefined) {
        response.writeHead(200).flushHeaders();
        return;
      }
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(answer.body ?? '{}');
    });
  };
  return { received, listener };
};

export const startApiServer = async (authority: Authority, respond: Respond = () => ({})) => {
  const { received, listener } = recorder(respond);
  const { certificate: cert, key } = authority.issue('server');
  const server = createServer({ cert, key, ca: authority.pem, requestCert: true, rejectUnauthorized: false }, listener);
  const port = await listen(server);
  return { url: `https://127.0.0.1:${port}`, port, received, server };
};

export const startPlainApiServer = async (respond: Respond = () => ({})) => {
  const { received, listener } = recorder(respond);
  const server = createHttpServer(listener);
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, port, received, server };
};
