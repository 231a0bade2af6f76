// Pools in SQLite: read once at start and written through, so every read is answered from memory.
import type { DatabaseSync } from 'node:sqlite';
import { randomUUID } from 'node:crypto';
import type { PoolStatus } from '../../../contract/pool.ts';
import type { Clock } from '../../clock.ts';
import { rfc3339 } from '../../rfc3339.ts';
import type { LocalPoolStore } from '../local-ports.ts';
import { createPoolFeed } from '../../pools/pool-feed.ts';
import { poolNotFound } from '../../pools/pool-not-found.ts';
import type { PoolChange, PoolEvent } from '../../pools/pool-store.ts';
import type { Pool, StoredSpecification } from '../../pools/pool.ts';
import { changedMembers, isNewGeneration } from '../../pools/specification.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { inTransaction } from './database.ts';
import { PoolTable } from './pool-table.ts';

export class SqlitePoolStore implements LocalPoolStore {
  readonly #database: DatabaseSync;
  readonly #table: PoolTable;
  readonly #clock: Clock;
  readonly #byName = new Map<string, Pool>();
  readonly #byUid = new Map<string, Pool>();
  readonly #feed = createPoolFeed();
  #sorted: readonly Pool[] | undefined;

  constructor(database: DatabaseSync, clock: Clock) {
    this.#database = database;
    this.#table = new PoolTable(database);
    this.#clock = clock;
    for (const pool of this.#table.load()) this.#remember(pool);
  }

  // The methods of the port are async so that what they throw is a rejection. Each runs in one tick: no other writer comes between.

  async create(name: string, specification: StoredSpecification): Promise<Pool> {
    if (this.#byName.has(name))
      throw new WarmpoolError('KUBERNETES::POOL_ALREADY_EXISTS', `Pool "${name}" already exists.`);
    const pool = inTransaction(this.#database, () =>
      this.#table.insert({
        uid: randomUUID(),
        name,
        createdAt: rfc3339(this.#clock.now()),
        generation: 1,
        resourceVersion: this.#table.nextResourceVersion(),
        specification,
      }),
    );
    this.#remember(pool);
    this.#feed.publish({ type: 'added', pool });
    return pool;
  }

  async get(name: string): Promise<Pool> {
    return this.#present(name);
  }

  async list(): Promise<readonly Pool[]> {
    this.#sorted ??= [...this.#byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
    return this.#sorted;
  }

  async update(name: string, change: (present: Pool) => StoredSpecification): Promise<PoolChange> {
    const before = this.#present(name);
    const specification = change(before);
    const changed = changedMembers(before.specification, specification);
    if (changed.length === 0) return { before, after: before };
    const generation = before.generation + (isNewGeneration(changed) ? 1 : 0);
    return { before, after: this.#replace({ ...before, generation, specification }) };
  }

  async delete(name: string, check: (present: Pool) => void): Promise<Pool> {
    const pool = this.#present(name);
    check(pool);
    inTransaction(this.#database, () => {
      this.#table.nextResourceVersion();
      this.#table.delete(pool.uid);
    });
    this.#byName.delete(name);
    this.#byUid.delete(pool.uid);
    this.#sorted = undefined;
    this.#feed.publish({ type: 'deleted', pool });
    return pool;
  }

  watch(signal: AbortSignal): AsyncIterable<PoolEvent> {
    return this.#feed.watch(() => [...this.#byName.values()].map((pool) => ({ type: 'added', pool })), signal);
  }

  getByUid(uid: string): Pool | undefined {
    return this.#byUid.get(uid);
  }

  setStatus(uid: string, status: PoolStatus): void {
    const pool = this.#byUid.get(uid);
    if (pool === undefined || JSON.stringify(pool.status) === JSON.stringify(status)) return;
    this.#replace({ ...pool, status });
  }

  #present(name: string): Pool {
    const pool = this.#byName.get(name);
    if (pool === undefined) throw poolNotFound(name);
    return pool;
  }

  #replace(changed: Pool): Pool {
    const pool = inTransaction(this.#database, () =>
      this.#table.update({ ...changed, resourceVersion: this.#table.nextResourceVersion() }),
    );
    this.#remember(pool);
    this.#feed.publish({ type: 'modified', pool });
    return pool;
  }

  /** Memory follows the database: called after the commit only. */
  #remember(pool: Pool): void {
    this.#byName.set(pool.name, pool);
    this.#byUid.set(pool.uid, pool);
    this.#sorted = undefined;
  }
}
