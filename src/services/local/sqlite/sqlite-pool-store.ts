// Pools in SQLite: read once at start and written through, so every read is answered from memory.
import type { DatabaseSync } from 'node:sqlite';
import { randomUUID } from 'node:crypto';
import type { PoolStatus } from '../../../contract/pool.ts';
import type { Clock } from '../../../lib/clock.ts';
import { rfc3339 } from '../../../lib/rfc3339.ts';
import type { PoolSource, StatusWriter } from '../../controller/ports.ts';
import { createPoolFeed } from '../../pools/pool-feed.ts';
import { PoolIndex } from '../../pools/pool-index.ts';
import { poolNotFound } from '../../pools/pool-not-found.ts';
import type { DeleteOptions, PoolChange, PoolEvent, PoolStore, WriteOptions } from '../../pools/pool-store.ts';
import type { Pool, StoredSpecification } from '../../pools/pool.ts';
import { changedFields, isNewGeneration } from '../../pools/specification.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { inTransaction } from './database.ts';
import { PoolTable } from './pool-table.ts';

export class SqlitePoolStore implements PoolStore, PoolSource, StatusWriter {
  readonly #database: DatabaseSync;
  readonly #table: PoolTable;
  readonly #clock: Clock;
  readonly #pools = new PoolIndex();
  readonly #feed = createPoolFeed();

  constructor(database: DatabaseSync, clock: Clock) {
    this.#database = database;
    this.#table = new PoolTable(database);
    this.#clock = clock;
    for (const pool of this.#table.load()) this.#pools.put(pool);
  }

  // The methods of the port are async so that what they throw is a rejection. Each runs in one tick: no other writer comes between.

  async create(name: string, specification: StoredSpecification, { isDryRun }: WriteOptions = {}): Promise<Pool> {
    if (this.#pools.get(name) !== undefined)
      throw new WarmpoolError('KUBERNETES::POOL_ALREADY_EXISTS', `Pool "${name}" already exists.`);
    const pool = {
      uid: randomUUID(),
      name,
      createdAt: rfc3339(this.#clock.now()),
      generation: 1,
      resourceVersion: '0',
      specification,
    };
    if (isDryRun) return pool;
    const made = inTransaction(this.#database, () =>
      this.#table.insert({ ...pool, resourceVersion: this.#table.nextResourceVersion() }),
    );
    this.#pools.put(made);
    this.#feed.publish({ type: 'added', pool: made });
    return made;
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

  async update(
    name: string,
    change: (present: Pool) => StoredSpecification,
    { isDryRun }: WriteOptions = {},
  ): Promise<PoolChange> {
    const before = this.#present(name);
    const specification = change(before);
    const changed = changedFields(before.specification, specification);
    if (changed.length === 0) return { before, after: before };
    const generation = before.generation + (isNewGeneration(changed) ? 1 : 0);
    const after = { ...before, generation, specification };
    return { before, after: isDryRun ? after : this.#replace(after) };
  }

  async delete(name: string, check: (present: Pool) => void, { isDryRun }: DeleteOptions = {}): Promise<Pool> {
    const pool = this.#present(name);
    check(pool);
    if (isDryRun) return pool;
    const resourceVersion = inTransaction(this.#database, () => {
      this.#table.delete(pool.uid);
      return this.#table.nextResourceVersion();
    });
    this.#pools.remove(pool);
    this.#feed.publish({ type: 'deleted', pool: { ...pool, resourceVersion } });
    return pool;
  }

  watch(signal: AbortSignal): AsyncIterable<PoolEvent> {
    return this.#feed.watch(() => this.#pools.list().map((pool) => ({ type: 'added', pool })), signal);
  }

  find(uid: string): Pool | undefined {
    return this.#pools.getByUid(uid);
  }

  async writeStatus(uid: string, status: PoolStatus): Promise<void> {
    const pool = this.#pools.getByUid(uid);
    if (pool === undefined || JSON.stringify(pool.status) === JSON.stringify(status)) return;
    this.#replace({ ...pool, status });
  }

  #present(name: string): Pool {
    const pool = this.#pools.get(name);
    if (pool === undefined) throw poolNotFound(name);
    return pool;
  }

  #replace(changed: Pool): Pool {
    const pool = inTransaction(this.#database, () =>
      this.#table.update({ ...changed, resourceVersion: this.#table.nextResourceVersion() }),
    );
    // Memory follows the database: after the commit only.
    this.#pools.put(pool);
    this.#feed.publish({ type: 'modified', pool });
    return pool;
  }
}
