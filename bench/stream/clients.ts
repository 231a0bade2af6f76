// All clients of the stream benchmark, in a process that receives commands for them.
import { setTimeout } from 'node:timers/promises';
import { request } from 'undici';
import { nowMs } from './clock.ts';
import { StreamClient, type Target } from './client.ts';
import { percentiles, type Percentiles } from './percentiles.ts';

/** The request that changes a pool. */
export type Write = {
  readonly url: string;
  readonly method: 'PATCH' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** A change, and when it was sent. */
export type Sent = { readonly pool: number; readonly change: number; readonly atMs: number };

export type Question =
  | {
      readonly ask: 'open';
      readonly group: string;
      readonly target: Target;
      readonly count: number;
      readonly pools: number;
    }
  | {
      readonly ask: 'fan-out';
      readonly group: string;
      readonly writes: readonly (Write & { change: number })[];
      readonly gapMs: number;
    }
  /** All disconnect at once and reconnect. */
  | { readonly ask: 'reconnect'; readonly group: string; readonly resume: boolean }
  | { readonly ask: 'close'; readonly group: string }
  | { readonly ask: 'record'; readonly group: string }
  | { readonly ask: 'latencies'; readonly group: string; readonly sent: readonly Sent[] }
  | { readonly ask: 'pause' | 'resume' | 'received'; readonly group: string; readonly count: number }
  | { readonly ask: 'compare'; readonly group: string; readonly expected: readonly number[] };

/** Changes received since the last question: maximum of the first clients, minimum of the others. */
export type Received = { readonly first: number; readonly others: number };
export type Connected = { readonly ms: number; readonly resets: number };
export type Compared = { readonly behind: number; readonly problems: readonly string[] };

/** One in this many clients is sampled. */
const SAMPLE_EVERY = 50;
/** Maximum time for clients to receive the final state, in milliseconds. */
const PATIENCE_MS = 10_000;

class Group {
  readonly clients: StreamClient[];
  readonly problems: string[] = [];
  /** What the sampled clients have received since `record`, and when. */
  #records = new Map<StreamClient, Sent[]>();
  #awaited = -1;
  #missing = 0;
  #done: () => void = () => undefined;

  constructor(target: Target, count: number, pools: number) {
    const options = {
      target,
      pools,
      onChange: this.#note,
      onBookmark: () => {
        this.#count();
      },
      onError: (problem: string) => {
        this.problems.push(problem);
      },
    };
    this.clients = Array.from({ length: count }, () => new StreamClient(options));
  }

  /** Resolves when each client has its bookmark. */
  async connect(resume: boolean): Promise<Connected> {
    const startedMs = nowMs();
    const resets = this.#resets;
    for (const client of this.clients) client.drop();
    const all = this.#all();
    for (const client of this.clients) client.open(resume);
    await all;
    return { ms: Math.round(nowMs() - startedMs), resets: this.#resets - resets };
  }

  /** Sends changes one by one. Returns how long each took to reach the last client. */
  async fanOut(writes: readonly (Write & { change: number })[], gapMs: number): Promise<number[]> {
    const latencies: number[] = [];
    for (const { url, change, ...options } of writes) {
      await setTimeout(gapMs);
      this.#awaited = change;
      const all = this.#all();
      const sentMs = nowMs();
      const answer = request(url, options);
      await all;
      latencies.push(nowMs() - sentMs);
      const { statusCode, body } = await answer;
      await body.dump();
      if (statusCode > 299) this.problems.push(`a change was refused: ${statusCode}`);
    }
    this.#awaited = -1;
    return latencies;
  }

  record(): void {
    this.#records = new Map(this.clients.filter((_, index) => index % SAMPLE_EVERY === 0).map((it) => [it, []]));
  }

  /** Time from sending a change until each sampled client had it or a newer one of the same pool. */
  latencies(sent: readonly Sent[]): Percentiles {
    const all: number[] = [];
    const ofPools = Map.groupBy(sent, ({ pool }) => pool);
    for (const records of this.#records.values()) {
      const receivedByPool = Map.groupBy(records, ({ pool }) => pool);
      for (const [pool, changes] of ofPools) {
        const received = receivedByPool.get(pool) ?? [];
        let next = 0;
        for (const { change, atMs } of changes) {
          while ((received[next]?.change ?? Infinity) < change) next += 1;
          all.push((received[next]?.atMs ?? Infinity) - atMs);
        }
      }
    }
    this.#records.clear();
    return percentiles(all);
  }

  received(first: number): Received {
    const all = this.clients.map((client) => client.received);
    for (const client of this.clients) client.received = 0;
    return { first: Math.max(...all.slice(0, first)), others: Math.min(...all.slice(first)) };
  }

  /** Waits until every client has the newest change of every pool. Returns the number of clients that still lack one. */
  async compare(expected: readonly number[]): Promise<Compared> {
    const isBehind = ({ newest }: StreamClient) => expected.some((change, pool) => newest[pool] !== change);
    const deadlineMs = nowMs() + PATIENCE_MS;
    while (this.clients.some(isBehind) && nowMs() < deadlineMs) await setTimeout(50);
    return { behind: this.clients.filter(isBehind).length, problems: this.problems.splice(0).slice(0, 5) };
  }

  get #resets(): number {
    return this.clients.reduce((sum, { resets }) => sum + resets, 0);
  }

  #all(): Promise<void> {
    this.#missing = this.clients.length;
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  #count(): void {
    this.#missing -= 1;
    if (this.#missing === 0) this.#done();
  }

  readonly #note = (client: StreamClient, pool: number, change: number): void => {
    if (change === this.#awaited) this.#count();
    this.#records.get(client)?.push({ pool, change, atMs: nowMs() });
  };
}

const groups = new Map<string, Group>();

const answer = async (question: Question): Promise<unknown> => {
  if (question.ask === 'open') groups.set(question.group, new Group(question.target, question.count, question.pools));
  const group = groups.get(question.group);
  if (group === undefined) throw new Error(`There is no group "${question.group}".`);
  switch (question.ask) {
    case 'open':
      return group.connect(false);
    case 'reconnect':
      return group.connect(question.resume);
    case 'fan-out':
      return group.fanOut(question.writes, question.gapMs);
    case 'record':
      group.record();
      return true;
    case 'latencies':
      return group.latencies(question.sent);
    case 'pause':
    case 'resume':
      for (const client of group.clients.slice(0, question.count)) client[question.ask]();
      return true;
    case 'received':
      return group.received(question.count);
    case 'compare':
      return group.compare(question.expected);
    case 'close':
      for (const client of group.clients) client.drop();
      groups.delete(question.group);
      return true;
  }
};

process.on('message', (question: Question | 'begin') => {
  if (question === 'begin') process.send?.({ url: '', startMs: performance.now() });
  else void answer(question).then((it) => process.send?.(it));
});
process.once('SIGTERM', () => process.exit());
