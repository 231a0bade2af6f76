// Claims on simulated members: pairs of claim and release next to POST and DELETE of a plain Express route in the same run.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { closedLoop, openLoop, type Pairs, type PairTarget } from './claims/pairs.ts';
import { startChild, type Child } from './child.ts';

const KEY = 'bench';
const CONNECTIONS = 64;
const SECONDS = 4;
const ROUNDS = 3;
const OPEN_LOOP_PER_SECOND = 500;
const headers = { 'OPEN-SANDBOX-API-KEY': KEY };

type PoolPlan = { readonly name: string; readonly members: number; readonly recycle: 'Delete' | 'Noop' };

const portOf = ({ url }: Child) => Number(new URL(url).port);

class Warmpool {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'warmpool-bench-'));
  server: Child | undefined;

  async start(startSeconds: number): Promise<Child> {
    const config = path.join(this.folder, 'config.toml');
    writeFileSync(config, `[local.simulated]\nstart_seconds = ${startSeconds}\n`);
    const order = { dataDir: this.folder, apiKey: KEY, config };
    this.server = await startChild('server.ts', order, ['--expose-gc']);
    return this.server;
  }

  async stop(): Promise<void> {
    await this.server?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async fill({ name, members, recycle }: PoolPlan): Promise<void> {
    const body = {
      name,
      template: { spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } },
      capacitySpec: { bufferMin: members, bufferMax: members, poolMin: members, poolMax: members },
      scaleStrategy: { maxUnavailable: '100%' },
      recycleStrategy: { type: recycle },
    };
    await this.#post('/v1/pools', body);
    for (;;) {
      const { status } = (await (await fetch(`${this.#url}/v1/pools/${name}`, { headers })).json()) as {
        status?: { available: number };
      };
      if (status?.available === members) return;
      await setTimeout(50);
    }
  }

  claims(pool: string): PairTarget {
    const target = { port: portOf(this.#child), headers, item: '/v1/claims/' };
    return { ...target, collection: `/v1/pools/${pool}/claims`, body: '{"ttlSeconds":60,"waitSeconds":30}' };
  }

  async #post(route: string, body: object): Promise<void> {
    const type = { 'Content-Type': 'application/json' };
    const response = await fetch(`${this.#url}${route}`, {
      method: 'POST',
      headers: { ...headers, ...type },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
    await response.arrayBuffer();
  }

  get #child(): Child {
    if (this.server === undefined) throw new Error('The server is not started.');
    return this.server;
  }

  get #url(): string {
    return this.#child.url;
  }
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;

/** The targets take turns. */
const takeTurns = async (targets: Readonly<Record<string, PairTarget>>) => {
  for (const target of Object.values(targets)) await closedLoop(target, CONNECTIONS, 2);
  const rounds: Record<string, Pairs>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const results: Record<string, Pairs> = {};
    for (const [name, target] of Object.entries(targets))
      results[name] = await closedLoop(target, CONNECTIONS, SECONDS);
    rounds.push(results);
  }
  return Object.keys(targets).map((name) => {
    const of = (field: keyof Pairs) => median(rounds.map((results) => results[name]?.[field] ?? NaN));
    const ratios = rounds.map((results) => (results[name]?.perSecond ?? NaN) / (results.express?.perSecond ?? NaN));
    return {
      name,
      pairsPerSecond: of('perSecond'),
      p50Ms: of('p50Ms'),
      p99Ms: of('p99Ms'),
      toExpress: Number(median(ratios).toFixed(3)),
    };
  });
};

export const benchClaims = async () => {
  const express = await startChild('claims/express.ts', 'begin');
  const body = JSON.stringify({ ttlSeconds: 60, waitSeconds: 30 });
  const plain = { port: portOf(express), headers, collection: '/items', body, item: '/items/' };

  const noop = new Warmpool();
  await noop.start(0.1);
  await noop.fill({ name: 'small', members: 1_000, recycle: 'Noop' });
  const large = new Warmpool();
  await large.start(0.1);
  await large.fill({ name: 'large', members: 10_000, recycle: 'Noop' });
  const deleting = new Warmpool();
  await deleting.start(0.1);
  await deleting.fill({ name: 'fresh', members: 1_000, recycle: 'Delete' });
  const throughput = await takeTurns({
    express: plain,
    'Noop, 1 000 members': noop.claims('small'),
    'Noop, 10 000 members': large.claims('large'),
    'Delete, 1 000 members': deleting.claims('fresh'),
  });
  const latency = {
    express: await openLoop(plain, OPEN_LOOP_PER_SECOND, 10),
    Noop: await openLoop(noop.claims('small'), OPEN_LOOP_PER_SECOND, 10),
  };
  await Promise.all([express.stop(), noop.stop(), large.stop(), deleting.stop()]);
  return { throughput, latency };
};

console.log(JSON.stringify(await benchClaims(), null, 1));
