// A Warmpool on the local runtime, in a process of its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startChild, type Child } from '../child.ts';
import type { PairTarget } from './pairs.ts';

const KEY = 'bench';
const headers = { 'OPEN-SANDBOX-API-KEY': KEY };

type BenchPool = {
  readonly name: string;
  readonly members: number;
  readonly recycle: 'Delete' | 'Noop';
  /** Default: one that only simulated members can have. */
  readonly template?: object;
};

const TEMPLATE = { spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } };

/** Configuration of simulated members that take this long to be ready, on average. */
export const simulated = (startSeconds: number): string => `[local.simulated]\nstart_seconds = ${startSeconds}\n`;

export const portOf = ({ url }: Child): number => Number(new URL(url).port);

export class Warmpool {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'warmpool-bench-'));
  #server: Child | undefined;

  /** @param settings Configuration of the members, in TOML. */
  async start(settings: string): Promise<Child> {
    const config = path.join(this.#folder, 'config.toml');
    writeFileSync(config, settings);
    this.#server = await startChild('server.ts', { dataDir: this.#folder, apiKey: KEY, config }, ['--expose-gc']);
    return this.#server;
  }

  async stopServer(): Promise<void> {
    await this.#server?.stop();
  }

  async stop(): Promise<void> {
    await this.stopServer();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Creates a pool whose buffer is this many members. */
  async create({ name, members, recycle, template = TEMPLATE }: BenchPool): Promise<void> {
    await this.#post('/v1/pools', {
      name,
      template,
      capacitySpec: { bufferMin: members, bufferMax: members, poolMin: members, poolMax: 2 * members },
      scaleStrategy: { maxUnavailable: '100%' },
      recycleStrategy: { type: recycle },
    });
  }

  /** Resolves when this many members of the pool are available. */
  async available(name: string, members: number): Promise<void> {
    for (;;) {
      const response = await fetch(`${this.#child.url}/v1/pools/${name}`, { headers });
      const { status } = (await response.json()) as { status?: { available: number } };
      if (status !== undefined && status.available >= members) return;
      await setTimeout(50);
    }
  }

  /** The members are stopped later. */
  async delete(name: string): Promise<void> {
    await fetch(`${this.#child.url}/v1/pools/${name}`, { method: 'DELETE', headers });
  }

  async claim(pool: string, ttlSeconds: number): Promise<void> {
    await this.#post(`/v1/pools/${pool}/claims`, { ttlSeconds, waitSeconds: 60 });
  }

  /** For pairs of a claim and its release. */
  claims(pool: string): PairTarget {
    const body = '{"ttlSeconds":60,"waitSeconds":30}';
    return { port: portOf(this.#child), headers, collection: `/v1/pools/${pool}/claims`, body, item: '/v1/claims/' };
  }

  async #post(route: string, body: object): Promise<void> {
    const response = await fetch(`${this.#child.url}${route}`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${route}: ${text}`);
  }

  get #child(): Child {
    if (this.#server === undefined) throw new Error('The server is not started.');
    return this.#server;
  }
}
