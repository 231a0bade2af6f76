// Samples of the history in SQLite: the newest ones as one row for all pools, older ones as a compressed chunk for each pool.
import type { StatementSync } from 'node:sqlite';
import { PoolNumbers } from '../../history/pool-numbers.ts';
import type { Chunk, ChunkKey, SampleStore, StoredTick } from '../../history/ports.ts';
import type { Resolution } from '../../history/retention.ts';
import type { Database } from './database.ts';
import type { GroupCommit } from './group-commit.ts';

const TABLES: Readonly<Record<Resolution, string>> = { fine: 'history_samples', coarse: 'history_coarse_samples' };

/** The statements of one table of chunks. */
type ChunkStatements = Readonly<Record<'get' | 'put' | 'starts' | 'removeOldest' | 'forget', StatementSync>>;

export class SampleTable implements SampleStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #numbers: PoolNumbers;
  /** Pools whose numbers are not stored yet: they are, with the next tick. */
  readonly #unsaved = new Set<string>();
  readonly #chunks: Readonly<Record<Resolution, ChunkStatements>>;
  readonly #addPool: StatementSync;
  readonly #removePool: StatementSync;
  readonly #addTick: StatementSync;
  readonly #removeTicks: StatementSync;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#addPool = database.prepare('INSERT OR IGNORE INTO history_pools (number, uid) VALUES (?, ?)');
    this.#removePool = database.prepare('DELETE FROM history_pools WHERE number = ?');
    this.#addTick = database.prepare('INSERT OR REPLACE INTO history_ticks (at, samples) VALUES (?, ?)');
    this.#removeTicks = database.prepare('DELETE FROM history_ticks WHERE at < ?');
    this.#chunks = { fine: this.#prepare(TABLES.fine), coarse: this.#prepare(TABLES.coarse) };
    const stored = database.prepare('SELECT number, uid FROM history_pools').all();
    // SQLite keeps the highest number that was ever given out: the ticks may have samples of deleted pools.
    const sequence = database.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'history_pools'`).get();
    this.#numbers = new PoolNumbers(
      stored.map(({ number, uid }) => [String(uid), Number(number)]),
      Number(sequence?.seq ?? 0),
    );
  }

  pools(): Iterable<string> {
    return this.#numbers.uids();
  }

  hasNumber(number: number): boolean {
    return this.#numbers.isInUse(number);
  }

  numberOf(poolUid: string): number {
    const known = this.#numbers.find(poolUid);
    if (known !== undefined) return known;
    this.#unsaved.add(poolUid);
    return this.#numbers.add(poolUid);
  }

  async forget(poolUid: string): Promise<void> {
    const number = this.#numbers.find(poolUid);
    if (number === undefined) return;
    await this.#commits.run(() => {
      this.#removePool.run(number);
      for (const { starts, forget } of Object.values(this.#chunks))
        for (const { start } of starts.all()) forget.run(Number(start), number);
    });
    this.#numbers.remove(poolUid);
    this.#unsaved.delete(poolUid);
  }

  loadTicks(): StoredTick[] {
    const rows = this.#database.access('read', () =>
      this.#database.prepare('SELECT at, samples FROM history_ticks ORDER BY at').all(),
    );
    return rows.map(({ at, samples }) => ({ at: Number(at), bytes: toBytes(samples) }));
  }

  addTick(at: number, encode: () => Uint8Array): Promise<void> {
    const bytes = encode();
    return this.#commits.run(
      () => {
        for (const uid of this.#unsaved) this.#addPool.run(this.numberOf(uid), uid);
        this.#addTick.run(at, bytes);
      },
      () => {
        this.#unsaved.clear();
      },
    );
  }

  removeTicks(before: number): Promise<void> {
    return this.#commits.run(() => {
      this.#removeTicks.run(before);
    });
  }

  getChunk({ resolution, start, pool }: ChunkKey): Uint8Array | undefined {
    const row = this.#database.access('read', () => this.#chunks[resolution].get.get(start, pool));
    return row && toBytes(row.samples);
  }

  putChunks(chunks: readonly Chunk[]): Promise<void> {
    return this.#commits.run(() => {
      for (const { resolution, start, pool, bytes } of chunks) this.#chunks[resolution].put.run(start, pool, bytes);
    });
  }

  removeOldest(resolution: Resolution, before: number): Promise<boolean> {
    return this.#commits.run(() => Number(this.#chunks[resolution].removeOldest.run(before).changes) > 0);
  }

  #prepare(table: string): ChunkStatements {
    const prepare = (sql: string) => this.#database.prepare(sql);
    return {
      get: prepare(`SELECT samples FROM ${table} WHERE start = ? AND pool = ?`),
      put: prepare(`INSERT OR REPLACE INTO ${table} (start, pool, samples) VALUES (?, ?, ?)`),
      // One search of the index for each start, however many pools there are.
      starts: prepare(
        `WITH RECURSIVE starts (start) AS (
           SELECT min(start) FROM ${table}
           UNION ALL SELECT (SELECT min(start) FROM ${table} WHERE start > starts.start) FROM starts WHERE start IS NOT NULL
         ) SELECT start FROM starts WHERE start IS NOT NULL`,
      ),
      removeOldest: prepare(`DELETE FROM ${table} WHERE start < ? AND start = (SELECT min(start) FROM ${table})`),
      forget: prepare(`DELETE FROM ${table} WHERE start = ? AND pool = ?`),
    };
  }
}

const toBytes = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array());
