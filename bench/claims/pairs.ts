// Creates something and deletes it again, over and over, on kept connections: POST, then DELETE of what it returned.
import { connect, type Socket } from 'node:net';

export type PairTarget = {
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Where to POST the body. */
  readonly collection: string;
  readonly body: string;
  /** Where to DELETE, before the id of the response. */
  readonly item: string;
};

export type Pairs = { perSecond: number; p50Ms: number; p99Ms: number };

const HEAD_END = Buffer.from('\r\n\r\n');
const ID = Buffer.from('"id":"');
const QUOTE = 34;

/** One connection: sends a request at a time, and resolves with the id in the response. */
class Connection {
  readonly #socket: Socket;
  readonly #target: PairTarget;
  #received: Buffer = Buffer.alloc(0);
  #done: PromiseWithResolvers<string> | undefined;

  constructor(target: PairTarget) {
    this.#target = target;
    this.#socket = connect({ port: target.port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (chunk: Buffer) => {
      this.#read(chunk);
    });
    this.#socket.on('error', (error) => this.#done?.reject(error));
  }

  async pair(): Promise<void> {
    const { headers, collection, body, item } = this.#target;
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `Host: 127.0.0.1\r\n${lines.join('')}`;
    const type = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
    const id = await this.#send(`POST ${collection} HTTP/1.1\r\n${head}${type}\r\n${body}`, '201');
    await this.#send(`DELETE ${item}${id} HTTP/1.1\r\n${head}\r\n`, '204');
  }

  close(): void {
    this.#socket.destroy();
  }

  async #send(request: string, status: string): Promise<string> {
    this.#done = Promise.withResolvers();
    this.#received = Buffer.alloc(0);
    this.#socket.write(request, 'latin1');
    const id = await this.#done.promise;
    if (this.#received.toString('latin1', 9, 12) !== status) throw new Error(this.#received.toString());
    return id;
  }

  #read(chunk: Buffer): void {
    const all = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    this.#received = all;
    const headEnd = all.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const length = Number(/content-length: (\d+)/i.exec(all.toString('latin1', 0, headEnd))?.[1] ?? 0);
    if (all.length < headEnd + HEAD_END.length + length) return;
    const start = all.indexOf(ID, headEnd) + ID.length;
    this.#done?.resolve(start < ID.length ? '' : all.toString('latin1', start, all.indexOf(QUOTE, start)));
  }
}

const percentiles = (latenciesMs: number[]) => {
  const sorted = latenciesMs.sort((a, b) => a - b);
  const at = (share: number) => Number((sorted[Math.floor(sorted.length * share)] ?? NaN).toFixed(2));
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
};

/** As many pairs as `connections` can do in `seconds`. */
export const closedLoop = async (target: PairTarget, connections: number, seconds: number): Promise<Pairs> => {
  const latenciesMs: number[] = [];
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1_000;
  const all = Array.from({ length: connections }, () => new Connection(target));
  await Promise.all(
    all.map(async (connection) => {
      while (performance.now() < endMs) {
        const sentMs = performance.now();
        await connection.pair();
        latenciesMs.push(performance.now() - sentMs);
      }
    }),
  );
  const perSecond = Math.round((latenciesMs.length / (performance.now() - startedMs)) * 1_000);
  for (const connection of all) connection.close();
  return { perSecond, ...percentiles(latenciesMs) };
};

/** So many pairs a second, each timed from when it was due, however long the others take. */
export const openLoop = async (target: PairTarget, perSecond: number, seconds: number): Promise<Pairs> => {
  const latenciesMs: number[] = [];
  const free: Connection[] = [];
  const running: Promise<void>[] = [];
  const startedMs = performance.now();
  const run = async (dueMs: number) => {
    const connection = free.pop() ?? new Connection(target);
    await connection.pair();
    latenciesMs.push(performance.now() - dueMs);
    free.push(connection);
  };
  for (let sent = 0; sent < perSecond * seconds;) {
    const due = Math.min(perSecond * seconds, ((performance.now() - startedMs) / 1_000) * perSecond);
    for (; sent < due; sent++) running.push(run(startedMs + (sent / perSecond) * 1_000));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(running);
  for (const connection of free) connection.close();
  return { perSecond, ...percentiles(latenciesMs) };
};
