// What a driver knows about its members, in memory and in SQLite: it survives a restart, even kill -9.
import type { StatementSync } from 'node:sqlite';
import type { Database } from './database.ts';

/** Each has the members of one driver, of one type. */
type MemberTableName = 'simulated_members' | 'docker_members';

/** By name. A change is in the database before it is in memory. */
export class StoredMembers<Member extends object> extends Map<string, Member> {
  readonly #database: Database;
  readonly #upsert: StatementSync;
  readonly #delete: StatementSync;

  /** @param table Where they are kept. */
  constructor(database: Database, table: MemberTableName) {
    super();
    this.#database = database;
    this.#upsert = database.prepare(`INSERT OR REPLACE INTO ${table} (name, member) VALUES (?, ?)`);
    this.#delete = database.prepare(`DELETE FROM ${table} WHERE name = ?`);
    // Only `set` writes the column.
    for (const { name, member } of database.prepare(`SELECT name, member FROM ${table}`).all())
      super.set(String(name), JSON.parse(String(member)) as Member);
  }

  override set(name: string, member: Member): this {
    this.#database.access('written', () => this.#upsert.run(name, JSON.stringify(member)));
    return super.set(name, member);
  }

  override delete(name: string): boolean {
    this.#database.access('written', () => this.#delete.run(name));
    return super.delete(name);
  }
}

/**
 * Forgets the members of a driver that does not run. Their claims are lost, so after a change back nobody may get them: they
 * were used. Returns their number.
 */
export const discardMembers = (database: Database, table: MemberTableName): number =>
  database.access('written', () => Number(database.prepare(`DELETE FROM ${table}`).run().changes));
