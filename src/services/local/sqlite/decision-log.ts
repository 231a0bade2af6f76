// The decisions of the pool controller, kept in SQLite: the newest 500 of each pool.
import type { StatementSync } from 'node:sqlite';
import type { Decision } from '../../../contract/decision.ts';
import type { LastDecision } from '../../../contract/summary.ts';
import { DECISIONS_MAX_LIMIT } from '../../../contract/limits.ts';
import type { DecisionReader } from '../../pools/ports.ts';
import type { Pool } from '../../pools/pool.ts';
import type { DecisionJournal } from '../../controller/ports.ts';
import type { Database } from './database.ts';

export class DecisionLog implements DecisionReader, DecisionJournal {
  readonly #database: Database;
  readonly #insert: StatementSync;
  readonly #prune: StatementSync;
  readonly #newest: StatementSync;
  /** The newest decision of each pool that was asked for, until `forget`. */
  readonly #last = new Map<string, LastDecision | undefined>();

  constructor(database: Database) {
    this.#database = database;
    this.#insert = database.prepare(
      'INSERT INTO decisions (pool_uid, decision) SELECT uid, ?2 FROM pools WHERE uid = ?1',
    );
    this.#prune = database.prepare(
      `DELETE FROM decisions WHERE pool_uid = ?1 AND id <=
         (SELECT id FROM decisions WHERE pool_uid = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${DECISIONS_MAX_LIMIT})`,
    );
    this.#newest = database.prepare('SELECT id, decision FROM decisions WHERE pool_uid = ? ORDER BY id DESC LIMIT ?');
  }

  async add(poolUid: string, decision: Omit<Decision, 'id'>): Promise<void> {
    const { changes } = this.#database.inTransaction(() => {
      const inserted = this.#insert.run(poolUid, JSON.stringify(decision));
      this.#prune.run(poolUid);
      return inserted;
    });
    if (changes === 0) this.#last.delete(poolUid);
    else if (this.#last.has(poolUid)) this.#last.set(poolUid, toLast(decision));
  }

  /** The newest decision on a pool, kept in memory. */
  last(poolUid: string): LastDecision | undefined {
    if (!this.#last.has(poolUid)) this.#last.set(poolUid, this.#read(poolUid, 1).map(toLast)[0]);
    return this.#last.get(poolUid);
  }

  forget(poolUid: string): void {
    this.#last.delete(poolUid);
  }

  async lastReasonCodes(poolUid: string): Promise<readonly string[] | undefined> {
    return this.last(poolUid)?.reasons;
  }

  async list(pool: Pool, limit: number): Promise<Decision[]> {
    return this.#read(pool.uid, limit);
  }

  #read(poolUid: string, limit: number): Decision[] {
    // Written by `add` alone. Not parsed by the schema: a code that a newer version has renamed must not stop the controller.
    const rows = this.#database.access('read', () => this.#newest.all(poolUid, limit));
    return rows.map(({ decision, id }) => ({
      ...(JSON.parse(String(decision)) as Omit<Decision, 'id'>),
      id: String(id),
    }));
  }
}

const toLast = ({ at, sentence, reasons }: Omit<Decision, 'id'>): LastDecision => ({
  at,
  sentence,
  reasons: reasons.map(({ code }) => code),
});
