// A Warmpool server with idle pools, and changes of their label that cause exactly one event each.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { request } from 'undici';
import { startChild, type Child } from '../child.ts';
import { nowMs } from './clock.ts';
import type { Target } from './client.ts';
import type { Sent, Write } from './clients.ts';
import { changeIn, LABEL, markerOf } from './marker.ts';

const KEY = 'bench';
const WRITES_AT_ONCE = 8;
const headers = { 'OPEN-SANDBOX-API-KEY': KEY };
const jsonHeaders = { ...headers, 'Content-Type': 'application/json' };
const template = { spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } };
const capacitySpec = { bufferMax: 5, bufferMin: 0, poolMax: 10, poolMin: 0 };

const nameOf = (pool: number) => `pool-${String(pool).padStart(4, '0')}`;

const send = async ({ url, ...options }: Omit<Write, 'method'> & { method: 'PATCH' | 'POST' }): Promise<void> => {
  const { statusCode, body } = await request(url, options);
  const text = await body.text();
  if (statusCode > 299) throw new Error(`${options.method} ${url}: ${text}`);
};

export class Warmpool {
  readonly #dataDir: string;
  readonly #server: Child;
  #pools = 0;
  #changes = 0;

  private constructor(dataDir: string, server: Child) {
    this.#dataDir = dataDir;
    this.#server = server;
  }

  /** @param execArgv Additional options of Node for its process. */
  static async start(execArgv: readonly string[] = []): Promise<Warmpool> {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'warmpool-bench-'));
    const order = { dataDir, apiKey: KEY };
    return new Warmpool(dataDir, await startChild('server.ts', order, ['--expose-gc', ...execArgv]));
  }

  get pools(): number {
    return this.#pools;
  }

  get stream(): Target {
    return { url: `${this.#server.url}/v1/pool-events`, headers };
  }

  get subscription(): Target {
    return { url: `${this.#server.url}/trpc/pools.watch`, headers: { ...headers, Accept: 'text/event-stream' } };
  }

  health() {
    return this.#server.health();
  }

  /** Creates pools until there are this many. */
  async grow(pools: number): Promise<void> {
    await this.#many(pools - this.#pools, async () => {
      const pool = this.#pools++;
      const labels = { app: 'sandbox', team: 'platform', [LABEL]: markerOf(pool, this.#changes++) };
      const body = JSON.stringify({ name: nameOf(pool), labels, template, capacitySpec });
      await send({ url: `${this.#server.url}/v1/pools`, method: 'POST', headers: jsonHeaders, body });
    });
    while ((await this.#list()).some(({ status }) => status === undefined)) await setTimeout(50);
  }

  /** Changes pools as fast as possible, to fill the server's log and compile its code. */
  async churn(changes: number): Promise<void> {
    await this.#many(changes, () => send(this.nextChange()));
  }

  /** Sets an annotation of this many bytes on each pool; 0 removes it. */
  async annotate(bytes: number): Promise<void> {
    const annotations = { note: bytes > 0 ? 'x'.repeat(bytes) : null };
    await this.#many(this.#pools, async () => {
      const { body, ...write } = this.nextChange();
      await send({ ...write, body: JSON.stringify({ ...(JSON.parse(body) as object), annotations }) });
    });
  }

  /** The next change, of the next pool. */
  nextChange(): Write & { pool: number; change: number } {
    const change = this.#changes++;
    const pool = change % this.#pools;
    return {
      pool,
      change,
      url: `${this.#server.url}/v1/pools/${nameOf(pool)}`,
      method: 'PATCH',
      headers: jsonHeaders,
      body: JSON.stringify({ labels: { [LABEL]: markerOf(pool, change) } }),
    };
  }

  /** The text of an event, with the label of any change. */
  async eventText(): Promise<(pool: number, change: number) => string> {
    const { body } = await request(`${this.#server.url}/v1/pools/${nameOf(0)}?view=basic`, { headers });
    const [before = '', after = ''] = (await body.text()).split(/(?<="X-bench":")[^"]*/);
    const head = `id: ${'0'.repeat(12)}.${this.#changes}.${'0'.repeat(8)}\nevent: modified\ndata: `;
    return (pool, change) => `${head}{"type":"modified","pool":${before}${markerOf(pool, change)}${after}}\n\n`;
  }

  /** Changes this many pools a second, however slow the responses, until the signal aborts. Returns the changes. */
  async changeSteadily(perSecond: number, signal: AbortSignal): Promise<Sent[]> {
    const sent: Sent[] = [];
    const responses: Promise<void>[] = [];
    const startedMs = nowMs();
    while (!signal.aborted) {
      while (sent.length < ((nowMs() - startedMs) / 1_000) * perSecond) {
        const { pool, change, ...write } = this.nextChange();
        sent.push({ pool, change, atMs: nowMs() });
        responses.push(send(write));
      }
      await setTimeout(2);
    }
    await Promise.all(responses);
    return sent;
  }

  /** The newest change of each pool. */
  async present(): Promise<number[]> {
    return (await this.#list()).map(({ labels }) => changeIn(labels[LABEL] ?? ''));
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  async #list(): Promise<{ labels: Record<string, string>; status?: object }[]> {
    const { body } = await request(`${this.#server.url}/v1/pools`, { headers });
    return ((await body.json()) as { items: { labels: Record<string, string>; status?: object }[] }).items;
  }

  async #many(count: number, task: () => Promise<void>): Promise<void> {
    let left = count;
    const work = async () => {
      while (left-- > 0) await task();
    };
    await Promise.all(Array.from({ length: WRITES_AT_ONCE }, work));
  }
}
