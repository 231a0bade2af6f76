// The history of 1 000 pools over 30 days, with a clock that is moved: disk, CPU, the longest block of the event loop, and queries.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { COARSE_SAMPLE_SECONDS, SAMPLE_SECONDS } from '../src/contract/limits.ts';
import type { LastDecision } from '../src/contract/summary.ts';
import type { Clock } from '../src/lib/clock.ts';
import { gaugesOf } from '../src/services/controller/gauges.ts';
import { MemberTable } from '../src/services/controller/member-table.ts';
import { HistoryService } from '../src/services/history/history-service.ts';
import { THIRTY_DAYS } from '../src/services/history/retention.ts';
import { Checkpointer } from '../src/services/local/sqlite/checkpointer.ts';
import { openDatabase } from '../src/services/local/sqlite/database.ts';
import { GroupCommit } from '../src/services/local/sqlite/group-commit.ts';
import { SampleTable } from '../src/services/local/sqlite/sample-table.ts';
import type { Pool } from '../src/services/pools/pool.ts';
import type { BoundClaim } from '../src/services/runtime-observer.ts';
import { Workload } from './history/workload.ts';

const POOLS = Number(process.env.POOLS ?? 1_000);
const DAYS = Number(process.env.DAYS ?? 30);
const DAY_SECONDS = 86_400;
/** Longer than fine samples are kept: what is stored of them is what is stored at any time. */
const FINE_SECONDS = Number(process.env.FINE_HOURS ?? 27.5) * 3_600;
const MEBIBYTE = 1_048_576;
const START_SECONDS = Date.parse('2026-01-01T00:00:00Z') / 1_000;

/** Timers run when the clock is moved. */
class SteppedClock implements Clock {
  ms = START_SECONDS * 1_000;
  #timers: { readonly atMs: number; readonly task: () => void }[] = [];

  now(): number {
    return this.ms;
  }

  monotonic(): number {
    return this.ms;
  }

  after(delayMs: number, task: () => void): () => void {
    const timer = { atMs: this.ms + delayMs, task };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves the timer of the sampler, the only one at a multiple of 10 seconds, to a later time. */
  skipSamplesUntil(atMs: number): void {
    this.#timers = this.#timers.map((timer) => (timer.atMs % 10_000 === 0 ? { ...timer, atMs } : timer));
  }

  /** Runs the next timer that is due until `endMs`; false if there is none. */
  runNext(endMs: number): boolean {
    const due = this.#timers.filter(({ atMs }) => atMs <= endMs).sort((one, other) => one.atMs - other.atMs)[0];
    if (due === undefined) return false;
    this.#timers = this.#timers.filter((timer) => timer !== due);
    this.ms = Math.max(this.ms, due.atMs);
    due.task();
    return true;
  }
}

const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** The history service on a database of its own, with pools of ten members each. */
const openHistory = (folder: string, clock: SteppedClock) => {
  const workloads = Array.from({ length: POOLS }, (_, index) => new Workload(index));
  const database = openDatabase(path.join(folder, 'warmpool.db'));
  const checkpointer = new Checkpointer(path.join(folder, 'warmpool.db'));
  database.delegateCheckpoints(() => {
    checkpointer.request();
  });
  const commits = new GroupCommit(database);
  const members = new MemberTable();
  const capacitySpec = { bufferMin: 5, bufferMax: 10, poolMin: 0, poolMax: 40 };
  const pools = workloads.map(({ uid }, index): Pool => {
    for (let member = 0; member < MEMBERS; member++)
      members.put({ ...MEMBER, name: `${uid}-${member}`, poolUid: uid, poolName: String(index) });
    const name = `pool-${String(index).padStart(4, '0')}`;
    const specification = { capacitySpec, labels: {}, annotations: {} };
    return { uid, name, createdAt: '', generation: 1, resourceVersion: '1', specification };
  });
  const byUid = new Map(workloads.map((workload) => [workload.uid, workload]));
  const byName = new Map(pools.map((pool) => [pool.name, pool]));
  const find = async (name: string) => {
    const pool = byName.get(name);
    if (pool === undefined) throw new Error(`There is no pool "${name}".`);
    return pool;
  };
  const ignore = () => undefined;
  const history = new HistoryService({
    store: { list: async () => pools, get: find },
    claims: { refusal: undefined },
    clock,
    observer: {
      historyUnreadable: ignore,
      historyNotWritten: (error) => {
        throw error;
      },
    },
    history: {
      samples: new SampleTable(database, commits),
      retention: THIRTY_DAYS,
      isCurrent: () => true,
      // The server counts the members of each pool: that is part of the cost.
      gauges: (pool) => ({ ...gaugesOf(pool, members), ...byUid.get(pool.uid)?.gauges() }),
      lastDecision: () => DECISION,
    },
  });
  const counting = history.counting({ claimBound: ignore, claimRefused: ignore, claimSweepFailed: ignore });
  const close = async () => {
    await history.close();
    commits.flush();
    await checkpointer.close();
    database.close();
  };
  return { history, counting, workloads, database, close };
};

/** A commit, and what waits for it. */
const TURNS = 3;

const MEMBERS = 10;
const MEMBER = {
  revision: 'a',
  phase: 'ready',
  createdAtMs: 0,
  startingSinceMs: 0,
  restarts: 0,
} as const;
const DECISION: LastDecision = {
  at: '2026-01-01T00:00:00.000Z',
  sentence: 'Wants 14: 6 allocated, buffer 8 (within 5–10). Has 12, creating 2.',
  reasons: ['WithinBuffer', 'WaitingForStarts'],
};

/** CPU time of this thread: what a turn takes on a machine that does nothing else. */
const threadMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

const quantilesOf = (times: readonly number[]) => {
  const sorted = times.toSorted((one, other) => one - other);
  const quantile = (share: number) => round(sorted[Math.floor(share * (sorted.length - 1))] ?? NaN);
  return { p50: quantile(0.5), p99: quantile(0.99), max: quantile(1) };
};

/** Moves the clock from sample to sample. Only what the server does is timed, not what the pools do. */
const simulate = async (
  seconds: number,
  everySeconds: number,
  clock: SteppedClock,
  { workloads, counting }: ReturnType<typeof openHistory>,
) => {
  /** For each task, the longest time in which nothing else runs, in milliseconds. */
  const turns: Record<'sampling' | 'compaction', number[]> = { sampling: [], compaction: [] };
  let cpuMs = 0;
  const timed = async (work: () => boolean): Promise<boolean> => {
    const cpu = process.cpuUsage();
    let began = threadMs();
    const isDue = work();
    const kind = clock.ms % 10_000 === 0 ? 'sampling' : 'compaction';
    let longest = 0;
    for (let turn = 0; turn < TURNS; turn++) {
      await setImmediate();
      longest = Math.max(longest, threadMs() - began);
      began = threadMs();
    }
    if (isDue) turns[kind].push(longest);
    const { user, system } = process.cpuUsage(cpu);
    cpuMs += (user + system) / 1_000;
    return isDue;
  };
  const end = clock.ms / 1_000 + seconds;
  for (let time = clock.ms / 1_000; time < end; time += everySeconds) {
    const bound: BoundClaim[] = [];
    for (let at = time; at < time + everySeconds; at += SAMPLE_SECONDS)
      for (const workload of workloads) workload.step(at, (claim) => bound.push(claim));
    // What the counting costs the requests is part of the cost.
    await timed(() => {
      for (const claim of bound) counting.claimBound(claim, 0);
      return false;
    });
    // Between two samples, the compaction goes on; samples that are skipped were not taken.
    clock.skipSamplesUntil((time + everySeconds) * 1_000);
    while (await timed(() => clock.runNext((time + everySeconds) * 1_000)));
    clock.ms = (time + everySeconds) * 1_000;
  }
  return {
    cpuPercent: round(cpuMs / (seconds * 10), 3),
    longestTurnMs: { sampling: quantilesOf(turns.sampling), compaction: quantilesOf(turns.compaction) },
  };
};

/** Each query several times, for different pools. */
const timeOf = async (query: (name: string) => Promise<unknown>) => {
  const times: number[] = [];
  for (let run = 0; run < 40; run++) {
    const name = `pool-${String((run * 97) % POOLS).padStart(4, '0')}`;
    const began = performance.now();
    await query(name);
    times.push(performance.now() - began);
  }
  times.sort((one, other) => one - other);
  return { p50: round(times[20] ?? NaN), max: round(times[39] ?? NaN) };
};

export const benchHistory = async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warmpool-bench-'));
  const clock = new SteppedClock();
  const opened = openHistory(folder, clock);
  const { history, database } = opened;
  // The samples of the first days are only kept every 5 minutes: one is taken for each of these.
  await simulate(DAYS * DAY_SECONDS - FINE_SECONDS, COARSE_SAMPLE_SECONDS, clock, opened);
  const sampling = await simulate(FINE_SECONDS, SAMPLE_SECONDS, clock, opened);
  const time = (secondsAgo: number) => new Date(clock.ms - secondsAgo * 1_000).toISOString();
  const queryMs = {
    day: await timeOf((name) => history.read(name, { from: time(DAY_SECONDS) })),
    halfHour: await timeOf((name) => history.read(name, {})),
    month: await timeOf((name) => history.read(name, { from: time(DAYS * DAY_SECONDS) })),
  };
  const summariesMs = await timeOfSummaries(history, clock);
  const bytes = Buffer.byteLength(JSON.stringify(await history.summaries({})));
  const sizeOf = (file: string) => round(statSync(path.join(folder, file)).size / MEBIBYTE, 1);
  const logMegabytes = sizeOf('warmpool.db-wal');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const megabytes = round(sizeOf('warmpool.db') + logMegabytes, 1);
  const tables = database
    .prepare("SELECT name, sum(pgsize) AS bytes FROM dbstat WHERE name GLOB 'history_*' GROUP BY name")
    .all()
    .map(({ name, bytes }) => [String(name), round(Number(bytes) / MEBIBYTE, 1)]);
  await opened.close();
  const reopening = performance.now();
  const reopened = openHistory(folder, clock);
  const openMs = round(performance.now() - reopening);
  await reopened.close();
  rmSync(folder, { recursive: true, force: true });
  return {
    pools: POOLS,
    membersPerPool: MEMBERS,
    days: DAYS,
    ...sampling,
    disk: { megabytes, logMegabytes, ofTables: Object.fromEntries(tables) as Record<string, number> },
    queryMs,
    summaries: { bytes, ...summariesMs },
    openMs,
  };
};

/** Building the summaries after a sample, and encoding them; the first times are to warm up. */
const timeOfSummaries = async (history: HistoryService, clock: SteppedClock) => {
  const times = { buildMs: NaN, encodeMs: NaN };
  for (let run = 0; run < 10; run++) {
    clock.ms += SAMPLE_SECONDS * 1_000;
    const began = performance.now();
    const summaries = await history.summaries({});
    const built = performance.now();
    JSON.stringify(summaries);
    Object.assign(times, { buildMs: round(built - began), encodeMs: round(performance.now() - built) });
  }
  return times;
};

/** The results beside what is demanded of them. */
export const printHistory = (results: Awaited<ReturnType<typeof benchHistory>>): void => {
  const { cpuPercent, longestTurnMs, disk, queryMs, summaries } = results;
  console.log(`history: ${results.pools} pools over ${results.days} days, a sample every 10 s:`);
  console.table([
    { figure: 'CPU, % of a core', measured: cpuPercent, demand: 2 },
    { figure: 'disk, MB', measured: disk.megabytes, demand: 200 },
    { figure: 'a day of one pool, ms (median)', measured: queryMs.day.p50, demand: 50 },
    { figure: 'longest turn of compaction, ms (p99)', measured: longestTurnMs.compaction.p99, demand: 5 },
    { figure: 'summaries, kB', measured: round(summaries.bytes / 1_000), demand: 500 },
  ]);
  console.log(results);
};
