// Pools in SQLite: read once at start and written through, so every read comes from memory.
import { randomUUID } from 'node:crypto';
import type { PoolStatus } from '../../../contract/pool.ts';
import { isSameJson } from '../../../lib/canonical-json.ts';
import { rfc3339, type Clock } from '../../../lib/clock.ts';
import { PoolIndex } from '../../pools/pool-index.ts';
import { poolAlreadyExists, poolNotFound } from '../../pools/pool-errors.ts';
import { observeWrite, type WriteObserver } from '../../pools/observe-write.ts';
import type {
  DeleteOptions,
  DeletionCheck,
  PoolChange,
  PoolEvent,
  PoolStore,
  SpecificationChange,
  WriteOptions,
} from '../../pools/ports.ts';
import type { Pool, StoredSpecification } from '../../pools/pool.ts';
import { changedFields, isNewGeneration } from '../../pools/specification.ts';
import type { Database } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { PoolTable } from './pool-table.ts';

/** The claims of the pools. */
type PoolClaims = {
  /** Number of members of a pool that claims hold. */
  heldCount(uid: string): number;
  /** Ends every claim of a pool as lost. Called in the transaction that deletes it; returns what to do after the commit. */
  endAll(uid: string): () => void;
};

type SqlitePoolStoreOptions = {
  readonly database: Database;
  readonly commits: GroupCommit;
  readonly clock: Clock;
  readonly claims: PoolClaims;
  readonly observer?: WriteObserver;
};

export class SqlitePoolStore implements PoolStore {
  readonly #options: SqlitePoolStoreOptions;
  readonly #table: PoolTable;
  readonly #pools = new PoolIndex();

  constructor(options: SqlitePoolStoreOptions) {
    this.#options = options;
    this.#table = new PoolTable(options.database);
    for (const pool of this.#table.load()) this.#pools.put(pool);
  }

  create(name: string, specification: StoredSpecification, { isDryRun }: WriteOptions = {}): Promise<Pool> {
    return this.#write('create', () => {
      if (this.#pools.get(name) !== undefined) throw poolAlreadyExists(name);
      const uid = randomUUID();
      const createdAt = rfc3339(this.#options.clock.now());
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

  /** In one transaction with the end of its claims: no claim is bound between the check and the deletion. */
  delete(name: string, check: DeletionCheck, { isDryRun }: DeleteOptions = {}): Promise<Pool> {
    const { commits, claims } = this.#options;
    const write = () => {
      const pool = this.#present(name);
      check(pool, claims.heldCount(pool.uid));
      if (isDryRun) return { pool };
      const resourceVersion = this.#table.delete(pool.uid);
      // Another call deleted it in this transaction.
      if (resourceVersion === undefined) throw poolNotFound(name);
      return { pool, deletion: { resourceVersion, afterCommit: claims.endAll(pool.uid) } };
    };
    return this.#write('delete', async () => {
      const { pool } = await commits.run(write, ({ pool, deletion }) => {
        if (deletion === undefined) return;
        this.#pools.remove(pool, deletion.resourceVersion);
        deletion.afterCommit();
      });
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

  async writeStatus(uid: string, status: PoolStatus): Promise<boolean> {
    const pool = this.#pools.getByUid(uid);
    if (pool === undefined || isSameJson(pool.status, status)) return false;
    this.#store({ ...pool, status });
    return true;
  }

  /** Reports a write, whose reads and commit have to be in one tick, so that no other comes between. */
  #write<Result>(call: Parameters<WriteObserver['write']>[0], write: () => Result | Promise<Result>): Promise<Result> {
    return observeWrite(this.#options.observer, call, write);
  }

  #present(name: string): Pool {
    const pool = this.#pools.get(name);
    if (pool === undefined) throw poolNotFound(name);
    return pool;
  }

  #store(changed: Pool): Pool {
    const pool = this.#options.database.inTransaction(() => this.#table.put(changed));
    // Memory follows the database: after the commit only.
    this.#pools.put(pool);
    return pool;
  }
}
