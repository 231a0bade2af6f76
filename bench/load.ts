// A load generator that costs little: on two cores, one that parses responses in JavaScript is busier than the servers that it
// measures, and hides the differences between them. It knows the length of the response, so it only counts bytes.
import { connect, type Socket } from 'node:net';

export type Rate = { perSecond: number; p50Ms: number; p99Ms: number };

type LoadOptions = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Connections that each send a request as soon as the last response is complete. */
  readonly connections: number;
  readonly seconds: number;
};

/** Sends GET requests for a while. Throws if a response is not 200 or has another length than the first. */
export const load = async ({ url, headers, connections, seconds }: LoadOptions): Promise<Rate> => {
  const { hostname, port, pathname, search } = new URL(url);
  const head = Object.entries({ Host: hostname, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = Buffer.from(`GET ${pathname}${search} HTTP/1.1\r\n${head.join('')}\r\n`, 'latin1');
  const latenciesMs: number[] = [];
  const endMs = performance.now() + seconds * 1_000;

  const run = (socket: Socket, length: number): Promise<void> =>
    new Promise((resolve, reject) => {
      let received = 0;
      let sentMs = 0;
      const send = () => {
        received = 0;
        sentMs = performance.now();
        socket.write(request);
      };
      socket.on('data', (chunk) => {
        if (received === 0 && !chunk.subarray(0, 12).equals(OK))
          reject(new Error(`${url}: ${chunk.subarray(0, 40).toString()}`));
        received += chunk.length;
        if (received < length) return;
        if (received > length) reject(new Error(`${url}: the length of the responses varies`));
        const nowMs = performance.now();
        latenciesMs.push(nowMs - sentMs);
        if (nowMs < endMs) send();
        else resolve();
      });
      socket.on('error', reject).on('close', () => {
        reject(new Error(`${url}: the connection was closed`));
      });
      send();
    });

  const length = await lengthOfAnswer(Number(port), hostname, request);
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(Number(port), hostname)));
  const startedMs = performance.now();
  await Promise.all(sockets.map((socket) => run(socket, length)));
  const elapsedMs = performance.now() - startedMs;
  for (const socket of sockets) socket.removeAllListeners('close').destroy();
  const sorted = latenciesMs.sort((a, b) => a - b);
  const at = (share: number) => Number((sorted[Math.floor(sorted.length * share)] ?? NaN).toFixed(2));
  return { perSecond: Math.round((sorted.length / elapsedMs) * 1_000), p50Ms: at(0.5), p99Ms: at(0.99) };
};

const OK = Buffer.from('HTTP/1.1 200');

const open = (port: number, host: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host, noDelay: true }, () => {
      resolve(socket);
    });
    socket.once('error', reject);
  });

/** Bytes of one response, head included: everything that comes until the connection is quiet. */
const lengthOfAnswer = async (port: number, host: string, request: Buffer): Promise<number> => {
  const socket = await open(port, host);
  return new Promise((resolve) => {
    let length = 0;
    socket.on('data', (chunk) => (length += chunk.length));
    socket.setTimeout(300, () => {
      socket.destroy();
      resolve(length);
    });
    socket.write(request);
  });
};
