// The table of pools: rows in, snapshots out. Every write belongs in a transaction of the caller.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import type { PoolStatus } from '../../../contract/pool.ts';
import type { Pool, StoredSpecification } from '../../pools/pool.ts';

const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);

const Row = z.object({
  uid: z.string(),
  name: z.string(),
  created_at: z.string(),
  generation: z.number(),
  resource_version: z.number(),
  specification: json(z.custom<StoredSpecification>((value) => typeof value === 'object' && value !== null)),
  status: json(z.custom<PoolStatus>((value) => typeof value === 'object' && value !== null)).nullable(),
});

export class PoolTable {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #delete: StatementSync;
  readonly #nextResourceVersion: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#insert = database.prepare(
      `INSERT INTO pools (uid, name, created_at, generation, resource_version, specification, status)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#update = database.prepare(
      'UPDATE pools SET generation = ?, resource_version = ?, specification = ?, status = ? WHERE uid = ?',
    );
    this.#delete = database.prepare('DELETE FROM pools WHERE uid = ?');
    this.#nextResourceVersion = database.prepare('UPDATE resource_version SET newest = newest + 1 RETURNING newest');
  }

  load(): Pool[] {
    return this.#database
      .prepare('SELECT * FROM pools')
      .all()
      .map((row) => {
        const { created_at, resource_version, status, ...pool } = Row.parse(row);
        return {
          ...pool,
          createdAt: created_at,
          resourceVersion: String(resource_version),
          ...(status && { status }),
        };
      });
  }

  nextResourceVersion(): string {
    return String(this.#nextResourceVersion.get()?.newest);
  }

  insert(pool: Pool): Pool {
    const { uid, name, createdAt, generation, resourceVersion, specification, status } = pool;
    this.#insert.run(
      uid,
      name,
      createdAt,
      generation,
      Number(resourceVersion),
      JSON.stringify(specification),
      status ? JSON.stringify(status) : null,
    );
    return pool;
  }

  update(pool: Pool): Pool {
    const { uid, generation, resourceVersion, specification, status } = pool;
    this.#update.run(
      generation,
      Number(resourceVersion),
      JSON.stringify(specification),
      status ? JSON.stringify(status) : null,
      uid,
    );
    return pool;
  }

  delete(uid: string): void {
    this.#delete.run(uid);
  }
}
