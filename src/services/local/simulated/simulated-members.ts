// The simulated members, in memory and in SQLite: they survive a restart, as real sandboxes would.
import type { StatementSync } from 'node:sqlite';
import type { DriverMember } from '../../controller/ports.ts';
import type { Database } from '../sqlite/database.ts';

/** A member, its next phase, and when it gets there (epoch milliseconds). */
export type SimulatedMember = DriverMember & {
  readonly next?: { readonly phase: 'ready' | 'failed' | 'gone'; readonly atMs: number };
};

export class SimulatedMembers {
  readonly #database: Database;
  readonly #byName = new Map<string, SimulatedMember>();
  readonly #upsert: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    this.#upsert = database.prepare(
      'INSERT INTO simulated_members (name, member) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET member = excluded.member',
    );
    this.#delete = database.prepare('DELETE FROM simulated_members WHERE name = ?');
    for (const { member } of database.prepare('SELECT member FROM simulated_members').all()) {
      // Only `put` writes this column.
      const known = JSON.parse(String(member)) as SimulatedMember;
      this.#byName.set(known.name, known);
    }
  }

  get size(): number {
    return this.#byName.size;
  }

  all(): Iterable<SimulatedMember> {
    return this.#byName.values();
  }

  get(name: string): SimulatedMember | undefined {
    return this.#byName.get(name);
  }

  put(member: SimulatedMember): void {
    this.#database.access('written', () => this.#upsert.run(member.name, JSON.stringify(member)));
    this.#byName.set(member.name, member);
  }

  delete(name: string): void {
    this.#database.access('written', () => this.#delete.run(name));
    this.#byName.delete(name);
  }
}
