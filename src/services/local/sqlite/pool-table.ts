// The table of pools: rows in, snapshots out. Every write belongs in a transaction of the caller.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import type { PoolStatus } from '../../../contract/pool.ts';
import { isJsonObject, parseJson } from '../../../lib/json.ts';
import type { Pool, StoredSpecification } from '../../pools/pool.ts';

/** JSON text of an object that only `put` writes. */
const json = <T>() => z.string().transform(parseJson).pipe(z.custom<T>(isJsonObject));

const PoolRow = z.object({
  uid: z.string(),
  name: z.string(),
  created_at: z.string(),
  generation: z.number(),
  resource_version: z.number(),
  specification: json<StoredSpecification>(),
  status: json<PoolStatus>().nullable(),
});

export class PoolTable {
  readonly #select: StatementSync;
  readonly #upsert: StatementSync;
  readonly #delete: StatementSync;
  readonly #nextVersion: StatementSync;

  constructor(database: DatabaseSync) {
    this.#select = database.prepare('SELECT * FROM pools');
    this.#upsert = database.prepare(
      `INSERT INTO pools (uid, name, created_at, generation, resource_version, specification, status)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (uid) DO UPDATE SET generation = excluded.generation, resource_version = excluded.resource_version,
         specification = excluded.specification, status = excluded.status`,
    );
    this.#delete = database.prepare('DELETE FROM pools WHERE uid = ?');
    this.#nextVersion = database.prepare('UPDATE resource_version SET newest = newest + 1 RETURNING newest');
  }

  load(): Pool[] {
    return this.#select.all().map((row) => {
      const { created_at, resource_version, status, ...pool } = PoolRow.parse(row);
      return { ...pool, createdAt: created_at, resourceVersion: String(resource_version), ...(status && { status }) };
    });
  }

  /** Stores a pool with the next resource version. */
  put(changed: Pool): Pool {
    const pool = { ...changed, resourceVersion: this.#nextResourceVersion() };
    const { uid, name, createdAt, generation, resourceVersion, specification, status } = pool;
    const texts = [JSON.stringify(specification), status ? JSON.stringify(status) : null] as const;
    this.#upsert.run(uid, name, createdAt, generation, Number(resourceVersion), ...texts);
    return pool;
  }

  /** Returns the resource version of the deletion; undefined, and does nothing, if the pool is deleted already. */
  delete(uid: string): string | undefined {
    return this.#delete.run(uid).changes === 0 ? undefined : this.#nextResourceVersion();
  }

  #nextResourceVersion(): string {
    return String(this.#nextVersion.get()?.newest);
  }
}
