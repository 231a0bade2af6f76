// All clients of the stream bench, in one process of their own that is told what to do with them.
import { setTimeout } from 'node:timers/promises';
import { request } from 'undici';
import { nowMs } from './clock.ts';
import { StreamClient, type Target } from './client.ts';
import { percentiles, type Percentiles } from './percentiles.ts';

/** How a change is made. */
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
  /** All drop at once and connect again. */
  | { readonly ask: 'reconnect'; readonly group: string; readonly resume: boolean }
  | { readonly ask: 'close'; readonly group: string }
  | { readonly ask: 'record'; readonly group: string }
  | { readonly ask: 'latencies'; readonly group: string; readonly sent: readonly Sent[] }
  | { readonly ask: 'pause' | 'resume' | 'told'; readonly group: string; readonly count: number }
  | { readonly ask: 'compare'; readonly group: string; readonly expected: readonly number[] };

/** How many changes the first clients were told of at most, and each of the others at least, since it was asked last. */
export type Told = { readonly first: number; readonly others: number };
export type Connected = { readonly ms: number; readonly resets: number };
export type Compared = { readonly behind: number; readonly problems: readonly string[] };

/** Every so many clients one is looked at closely. */
const SAMPLE_EVERY = 50;
/** How long clients may take to get the final state, in milliseconds. */
const PATIENCE_MS = 10_000;

class Group {
  readonly clients: StreamClient[];
  readonly problems: string[] = [];
  /** What the sampled clients were told since `record`, and when. */
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

  /** Makes changes one by one; answers how long it took until the last client had each. */
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

  /** From sending a change until each sampled client had it or a newer one of the same pool. */
  latencies(sent: readonly Sent[]): Percentiles {
    const all: number[] = [];
    const ofPools = Map.groupBy(sent, ({ pool }) => pool);
    for (const records of this.#records.values()) {
      const toldOfPools = Map.groupBy(records, ({ pool }) => pool);
      for (const [pool, changes] of ofPools) {
        const told = toldOfPools.get(pool) ?? [];
        let next = 0;
        for (const { change, atMs } of changes) {
          while ((told[next]?.change ?? Infinity) < change) next += 1;
          all.push((told[next]?.atMs ?? Infinity) - atMs);
        }
      }
    }
    this.#records.clear();
    return percentiles(all);
  }

  told(first: number): Told {
    const all = this.clients.map((client) => client.told);
    for (const client of this.clients) client.told = 0;
    return { first: Math.max(...all.slice(0, first)), others: Math.min(...all.slice(first)) };
  }

  /** Waits until every client has the newest change of every pool. Answers how many do not. */
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
    case 'told':
      return group.told(question.count);
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
