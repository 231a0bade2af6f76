// The records of the members, in memory and in SQLite: what was begun is continued after a restart, even after kill -9.
import type { StatementSync } from 'node:sqlite';
import type { Database } from '../../local/sqlite/database.ts';
import type { MemberRecord } from './member-record.ts';

/** By name. A change is in the database before it is in memory. */
export class DockerMembers extends Map<string, MemberRecord> {
  readonly #database: Database;
  readonly #upsert: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: Database) {
    super();
    this.#database = database;
    this.#upsert = database.prepare('INSERT OR REPLACE INTO docker_members (name, member) VALUES (?, ?)');
    this.#delete = database.prepare('DELETE FROM docker_members WHERE name = ?');
    for (const { member } of database.prepare('SELECT member FROM docker_members').all()) {
      // Only `set` writes this column.
      const known = JSON.parse(String(member)) as MemberRecord;
      super.set(known.order.name, known);
    }
  }

  override set(name: string, member: MemberRecord): this {
    this.#database.access('written', () => this.#upsert.run(name, JSON.stringify(member)));
    return super.set(name, member);
  }

  override delete(name: string): boolean {
    this.#database.access('written', () => this.#delete.run(name));
    return super.delete(name);
  }
}
