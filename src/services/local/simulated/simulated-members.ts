// The simulated members, in memory and in SQLite: they survive a restart, as real sandboxes would.
import type { StatementSync } from 'node:sqlite';
import type { DriverMember } from '../../controller/ports.ts';
import type { Database } from '../sqlite/database.ts';

/** A member, its next phase, and when it gets there (epoch milliseconds). */
export type SimulatedMember = DriverMember & {
  readonly next?: { readonly phase: 'ready' | 'failed' | 'gone'; readonly atMs: number };
};

/** By name. A change is in the database before it is in memory. */
export class SimulatedMembers extends Map<string, SimulatedMember> {
  readonly #database: Database;
  readonly #upsert: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: Database) {
    super();
    this.#database = database;
    this.#upsert = database.prepare('INSERT OR REPLACE INTO simulated_members (name, member) VALUES (?, ?)');
    this.#delete = database.prepare('DELETE FROM simulated_members WHERE name = ?');
    for (const { member } of database.prepare('SELECT member FROM simulated_members').all()) {
      // Only `set` writes this column.
      const known = JSON.parse(String(member)) as SimulatedMember;
      super.set(known.name, known);
    }
  }

  override set(name: string, member: SimulatedMember): this {
    this.#database.access('written', () => this.#upsert.run(name, JSON.stringify(member)));
    return super.set(name, member);
  }

  override delete(name: string): boolean {
    this.#database.access('written', () => this.#delete.run(name));
    return super.delete(name);
  }
}
