// The tables of claims and of the orders to recycle members. Every write belongs in a transaction of the caller.
import type { StatementSync } from 'node:sqlite';
import type { Recycling } from '../../claims/recycling.ts';
import type { StoredClaim } from '../../claims/ports.ts';
import type { Database } from './database.ts';

/** An order to recycle a member. */
export type RecyclingOrder = { readonly member: string; readonly recycling: Exclude<Recycling, 'return'> };

export class ClaimTable {
  readonly #database: Database;
  readonly #insert: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #putOrder: StatementSync;
  readonly #deleteOrder: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    this.#insert = database.prepare('INSERT INTO claims (id, claim) SELECT ?1, ?2 FROM pools WHERE uid = ?3');
    this.#put = database.prepare('INSERT OR REPLACE INTO claims (id, claim) VALUES (?, ?)');
    this.#delete = database.prepare('DELETE FROM claims WHERE id = ?');
    this.#putOrder = database.prepare('INSERT OR REPLACE INTO recycling (member, recycling) VALUES (?, ?)');
    this.#deleteOrder = database.prepare('DELETE FROM recycling WHERE member = ?');
  }

  /** The stored claims in the order in which they were stored or ended. */
  load(): { claims: StoredClaim[]; orders: RecyclingOrder[] } {
    // Only this class writes these columns.
    const claims = this.#database.prepare('SELECT claim FROM claims ORDER BY rowid').all();
    const orders = this.#database.prepare('SELECT member, recycling FROM recycling').all();
    return {
      claims: claims.map(({ claim }) => JSON.parse(String(claim)) as StoredClaim),
      orders: orders as RecyclingOrder[],
    };
  }

  /** Stores a new claim. Returns false, and does nothing, if its pool does not exist. */
  insert(stored: StoredClaim): boolean {
    return this.#insert.run(stored.claim.id, JSON.stringify(stored), stored.claim.poolUid).changes > 0;
  }

  put(stored: StoredClaim): void {
    this.#put.run(stored.claim.id, JSON.stringify(stored));
  }

  forget(id: string): void {
    this.#delete.run(id);
  }

  putOrder({ member, recycling }: RecyclingOrder): void {
    this.#putOrder.run(member, recycling);
  }

  forgetOrder(member: string): void {
    this.#deleteOrder.run(member);
  }
}
