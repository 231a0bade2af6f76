// The measurements of the stream of pools.
import { setTimeout } from 'node:timers/promises';
import type { Child, Health } from '../child.ts';
import type { Target } from './client.ts';
import type { Compared, Connected, Question, Received, Sent } from './clients.ts';
import { percentiles, type Percentiles } from './percentiles.ts';
import type { Warmpool } from './warmpool.ts';

const ROUNDS = 5;
const CHANGES_PER_ROUND = 50;
/** Pause between a change that every client has received and the next one, in milliseconds. */
const GAP_MS = 25;
const PER_SECOND = 100;
const STEADY_SECONDS = 60;
const LOOK_EVERY_SECONDS = 10;
const SLOW_CLIENTS = 50;
const SLOW_SECONDS = 20;
/** The operating system buffers about 4 MB for a slow client: 20 seconds of smaller events. */
const NOTE_BYTES = 2_000;

/** Maximum number of pools in the streams. */
const POOLS_MAX = 2_000;

const rounded = (number: number): number => Number(number.toFixed(1));

export class Measures {
  readonly #warmpool: Warmpool;
  readonly #clients: Child;

  constructor(warmpool: Warmpool, clients: Child) {
    this.#warmpool = warmpool;
    this.#clients = clients;
  }

  /** Opens streams for a new group of clients, and closes them after `task`. */
  async withClients<Result>(
    group: string,
    target: Target,
    count: number,
    task: () => Promise<Result>,
  ): Promise<Result> {
    await this.#ask<Connected>({ ask: 'open', group, target, count, pools: POOLS_MAX });
    const result = await task();
    await this.#ask({ ask: 'close', group });
    return result;
  }

  /** Time from sending a change until the last client of a group has it; the groups take turns. */
  async fanOut(groups: Readonly<Record<string, string | undefined>>): Promise<Record<string, Percentiles>> {
    const eventText = await this.#warmpool.eventText();
    const latencies: Record<string, number[]> = {};
    for (let round = 0; round <= ROUNDS; round++)
      for (const [group, emitUrl] of Object.entries(groups)) {
        const writes = Array.from({ length: CHANGES_PER_ROUND }, () => {
          const write = this.#warmpool.nextChange();
          if (emitUrl === undefined) return write;
          return { ...write, url: emitUrl, method: 'POST' as const, body: eventText(write.pool, write.change) };
        });
        const all = await this.#ask<number[]>({ ask: 'fan-out', group, writes, gapMs: GAP_MS });
        // The first round warms up.
        if (round > 0) (latencies[group] ??= []).push(...all);
      }
    return Object.fromEntries(Object.entries(latencies).map(([group, all]) => [group, percentiles(all)]));
  }

  /** Latencies of sampled clients, and CPU and memory of the server. */
  async steady(group: string) {
    await this.#ask({ ask: 'record', group });
    const [looks, sent] = await this.#whileChanging(group, async () => {
      const all: Health[] = [await this.#warmpool.health()];
      for (let second = 0; second < STEADY_SECONDS; second += LOOK_EVERY_SECONDS) {
        await setTimeout(LOOK_EVERY_SECONDS * 1_000);
        all.push(await this.#warmpool.health());
      }
      return all;
    });
    const latencies = await this.#ask<Percentiles>({ ask: 'latencies', group, sent });
    const cpuSeconds = (looks.at(-1)?.cpuSeconds ?? NaN) - (looks[0]?.cpuSeconds ?? NaN);
    return {
      changes: sent.length,
      ...latencies,
      cpuPercent: Math.round((cpuSeconds / STEADY_SECONDS) * 100),
      maxDelayMs: Math.max(...looks.slice(1).map(({ maxDelayMs }) => maxDelayMs)),
      heapMb: looks.map(({ heapMb }) => rounded(heapMb)),
      rssMb: looks.map(({ rssMb }) => Math.round(rssMb)),
    };
  }

  /** Some clients stop reading for long enough to fill the buffers of their connections. */
  async slow(group: string) {
    await this.#warmpool.annotate(NOTE_BYTES);
    const [looks, sent] = await this.#whileChanging(group, async () => {
      const before = await this.#warmpool.health();
      await this.#ask({ ask: 'received', group, count: SLOW_CLIENTS });
      await this.#ask({ ask: 'pause', group, count: SLOW_CLIENTS });
      await setTimeout(SLOW_SECONDS * 1_000);
      const during = await this.#warmpool.health();
      await this.#ask({ ask: 'resume', group, count: SLOW_CLIENTS });
      await setTimeout(1_000);
      return [before, during, await this.#warmpool.health()];
    });
    const { first, others } = await this.#ask<Received>({ ask: 'received', group, count: SLOW_CLIENTS });
    await this.#warmpool.annotate(0);
    return {
      changes: sent.length,
      pausedSeconds: SLOW_SECONDS,
      receivedBySlow: first,
      receivedByOthers: others,
      heapMb: looks.map(({ heapMb }) => rounded(heapMb)),
      rssMb: looks.map(({ rssMb }) => Math.round(rssMb)),
    };
  }

  /** All clients disconnect at once and reconnect. */
  async storm(group: string, resume: boolean) {
    const [result] = await this.#whileChanging(group, async () => {
      await setTimeout(1_000);
      const before = await this.#warmpool.health();
      const { ms, resets } = await this.#ask<Connected>({ ask: 'reconnect', group, resume });
      const after = await this.#warmpool.health();
      const { maxDelayMs, rssMb } = after;
      const cpuSeconds = rounded(after.cpuSeconds - before.cpuSeconds);
      return { bookmarksMs: ms, resets, cpuSeconds, maxDelayMs, rssMb: Math.round(rssMb) };
    });
    return result;
  }

  #ask<Result>(question: Question): Promise<Result> {
    return this.#clients.ask<Result>(question);
  }

  /** Runs `task` while pools change. Returns its result and the changes, once every client has received them. */
  async #whileChanging<Result>(group: string, task: () => Promise<Result>): Promise<[Result, Sent[]]> {
    const stop = new AbortController();
    const changing = this.#warmpool.changeSteadily(PER_SECOND, stop.signal);
    const result = await task();
    stop.abort();
    const sent = await changing;
    await this.#expectPresent(group);
    return [result, sent];
  }

  /** Throws an error unless every client has the newest change of each pool, and none had a problem. */
  async #expectPresent(group: string): Promise<void> {
    const expected = await this.#warmpool.present();
    const { behind, problems } = await this.#ask<Compared>({ ask: 'compare', group, expected });
    if (behind > 0 || problems.length > 0) throw new Error(`${behind} clients lack changes. ${problems.join('; ')}`);
  }
}
