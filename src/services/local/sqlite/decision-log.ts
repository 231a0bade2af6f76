// The decisions of the pool controller, kept in SQLite: the newest 500 of each pool.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Decision } from '../../../contract/decision.ts';
import { DECISIONS_MAX_LIMIT } from '../../../contract/limits.ts';
import type { DecisionReader } from '../../pools/pool-observations.ts';
import type { Pool } from '../../pools/pool.ts';
import { inTransaction } from './database.ts';

/** A decision before it has its id. */
export type NewDecision = Omit<Decision, 'id'>;

export class DecisionLog implements DecisionReader {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #prune: StatementSync;
  readonly #newest: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#insert = database.prepare('INSERT INTO decisions (pool_uid, decision) VALUES (?, ?)');
    this.#prune = database.prepare(
      `DELETE FROM decisions WHERE pool_uid = ?1 AND id <=
         (SELECT id FROM decisions WHERE pool_uid = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${DECISIONS_MAX_LIMIT})`,
    );
    this.#newest = database.prepare('SELECT id, decision FROM decisions WHERE pool_uid = ? ORDER BY id DESC LIMIT ?');
  }

  /** Keeps a decision about the pool. */
  add(poolUid: string, decision: NewDecision): void {
    inTransaction(this.#database, () => {
      this.#insert.run(poolUid, JSON.stringify(decision));
      this.#prune.run(poolUid);
    });
  }

  /** The pool's newest decision. */
  newest(poolUid: string): Decision | undefined {
    return this.#read(poolUid, 1)[0];
  }

  list(pool: Pool, limit: number): Promise<Decision[]> {
    return Promise.resolve(this.#read(pool.uid, limit));
  }

  #read(poolUid: string, limit: number): Decision[] {
    return this.#newest.all(poolUid, limit).map((row) => {
      const { decision, id } = row;
      return Decision.parse({ ...(JSON.parse(String(decision)) as object), id: String(id) });
    });
  }
}
