// Pools in SQLite: read once at start and written through, so every read comes from memory.
import { randomUUID } from 'node:crypto';
import type { PoolStatus } from '../../../contract/pool.ts';
import { isSameJson } from '../../../lib/canonical-json.ts';
import { rfc3339, type Clock } from '../../../lib/clock.ts';
import type { PoolSource } from '../../controller/ports.ts';
import { PoolIndex } from '../../pools/pool-index.ts';
import { poolAlreadyExists, poolNotFound } from '../../pools/pool-errors.ts';
import { observeWrite, type WriteObserver } from '../../pools/observe-write.ts';
import type {
  DeleteOptions,
  PoolChange,
  PoolEvent,
  PoolStore,
  SpecificationChange,
  WriteOptions,
} from '../../pools/ports.ts';
import type { Pool, StoredSpecification } from '../../pools/pool.ts';
import { changedFields, isNewGeneration } from '../../pools/specification.ts';
import type { Database } from './database.ts';
import { PoolTable } from './pool-table.ts';

export class SqlitePoolStore implements PoolStore, PoolSource {
  readonly #database: Database;
  readonly #table: PoolTable;
  readonly #clock: Clock;
  readonly #observer: WriteObserver | undefined;
  readonly #pools = new PoolIndex();

  constructor(database: Database, clock: Clock, observer?: WriteObserver) {
    this.#database = database;
    this.#table = new PoolTable(database);
    this.#clock = clock;
    this.#observer = observer;
    for (const pool of this.#table.load()) this.#pools.put(pool);
  }

  create(name: string, specification: StoredSpecification, { isDryRun }: WriteOptions = {}): Promise<Pool> {
    return this.#write('create', () => {
      if (this.#pools.get(name) !== undefined) throw poolAlreadyExists(name);
      const uid = randomUUID();
      const createdAt = rfc3339(this.#clock.now());
      const pool = { uid, name, createdAt, generation: 1, resourceVersion: '0', specification };
      if (isDryRun) return pool;
      return this.#store(pool);
    });
  }

  async get(name: string): Promise<Pool> {
    return this.#present(name);
  }

  async list(): Promise<readonly Pool[]> {
    return this.#pools.list();
  }

  findByRetryKey(key: string): Pool | undefined {
    return this.#pools.getByRetryKey(key);
  }

  update(
    name: string,
    change: (present: Pool) => SpecificationChange,
    { isDryRun }: WriteOptions = {},
  ): Promise<PoolChange> {
    return this.#write('update', () => {
      const before = this.#present(name);
      const { specification } = change(before);
      const changed = changedFields(before.specification, specification);
      if (changed.length === 0) return { before, after: before };
      const generation = before.generation + (isNewGeneration(changed) ? 1 : 0);
      const after = { ...before, generation, specification };
      return { before, after: isDryRun ? after : this.#store(after) };
    });
  }

  delete(name: string, check: (present: Pool) => void, { isDryRun }: DeleteOptions = {}): Promise<Pool> {
    return this.#write('delete', () => {
      const pool = this.#present(name);
      check(pool);
      if (isDryRun) return pool;
      const resourceVersion = this.#database.inTransaction(() => this.#table.delete(pool.uid));
      this.#pools.remove(pool, resourceVersion);
      return pool;
    });
  }

  watch(signal: AbortSignal): AsyncIterable<PoolEvent> {
    return this.#pools.watch(signal);
  }

  async waitForSync(): Promise<void> {
    // The constructor has read the pools.
  }

  find(uid: string): Pool | undefined {
    return this.#pools.getByUid(uid);
  }

  async writeStatus(uid: string, status: PoolStatus): Promise<void> {
    const pool = this.#pools.getByUid(uid);
    if (pool === undefined || isSameJson(pool.status, status)) return;
    this.#store({ ...pool, status });
  }

  /** Runs a write in one tick, so that no other comes between its reads and its commit, and reports it. */
  #write<Result>(call: Parameters<WriteObserver['write']>[0], write: () => Result): Promise<Result> {
    return observeWrite(this.#observer, call, write);
  }

  #present(name: string): Pool {
    const pool = this.#pools.get(name);
    if (pool === undefined) throw poolNotFound(name);
    return pool;
  }

  #store(changed: Pool): Pool {
    const pool = this.#database.inTransaction(() => this.#table.put(changed));
    // Memory follows the database: after the commit only.
    this.#pools.put(pool);
    return pool;
  }
}
