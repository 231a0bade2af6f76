// The database of the local runtime: one SQLite file, its schema versions, its transactions, and whether it works.
import { DatabaseSync } from 'node:sqlite';
import { StartupError } from '../../startup-error.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { MIGRATIONS } from './migrations.ts';
import { ensurePrivate } from './private-file.ts';

type Access = 'read' | 'written';

const WRITES_PER_CHECKPOINT = 4_000;

export class Database extends DatabaseSync {
  readonly #failures = new Map<Access, string>();
  #writes = 0;
  #checkpoint: (() => void) | undefined;

  /** Leaves checkpoints to `checkpoint`, which is called after every 4 000 writes and by `requestCheckpoint`. Default: SQLite's own. */
  delegateCheckpoints(checkpoint: () => void): void {
    this.exec('PRAGMA wal_autocheckpoint = 0');
    this.#checkpoint = checkpoint;
  }

  /** Begins a checkpoint early, after writes that were larger than most. */
  requestCheckpoint(): void {
    this.#checkpoint?.();
  }

  /** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
  inTransaction<Result>(work: () => Result): Result {
    return this.access('written', () => {
      try {
        this.exec('BEGIN IMMEDIATE');
        const result = work();
        this.exec('COMMIT');
        return result;
      } catch (error) {
        if (this.isTransaction) this.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** Runs `work`, which reads or is a single statement that writes. Errors of SQLite itself become KUBERNETES::POOL_API_ERROR. */
  access<Result>(how: Access, work: () => Result): Result {
    try {
      const result = work();
      this.#failures.delete(how);
      if (how === 'written' && ++this.#writes % WRITES_PER_CHECKPOINT === 0) this.#checkpoint?.();
      return result;
    } catch (error) {
      if (!(error instanceof Error && 'errcode' in error)) throw error;
      const problem = `The local store cannot be ${how}: ${error.message}.`;
      this.#failures.set(how, problem);
      const message = how === 'read' ? problem : `${problem} Nothing was changed.`;
      throw new WarmpoolError('KUBERNETES::POOL_API_ERROR', message, { cause: error });
    }
  }

  /** Random id of this database: 16 lower-case hex digits. */
  get instanceId(): string {
    return this.access('read', () => String(this.prepare('SELECT id FROM instance').get()?.id));
  }

  /** Why the last read or the last write failed, in sentences. */
  problems(): readonly string[] {
    return [...this.#failures.values()];
  }
}

/**
 * Opens the database and brings its schema to the newest version.
 * WAL with synchronous=NORMAL: what is committed survives a killed process; a power loss may lose the most recent writes.
 * Throws StartupError when the file cannot be opened or was written by a newer version of Warmpool.
 */
export const openDatabase = (file: string): Database => {
  const database = connect(file);
  try {
    migrate(database, file);
    return database;
  } catch (cause) {
    database.close();
    throw cause instanceof StartupError ? cause : StartupError.because(`${file} cannot be migrated`, cause);
  }
};

const connect = (file: string): Database => {
  try {
    if (file !== ':memory:') ensurePrivate(file);
    const database = new Database(file, { timeout: 5_000, enableForeignKeyConstraints: true, defensive: true });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    return database;
  } catch (cause) {
    throw StartupError.because(`${file} cannot be opened`, cause);
  }
};

const migrate = (database: Database, file: string): void => {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version > MIGRATIONS.length)
    throw new StartupError(
      `${file} has schema version ${version}; this version of Warmpool supports versions up to ${MIGRATIONS.length}. Start the version that wrote it, or a newer one.`,
    );
  for (const [index, sql] of MIGRATIONS.slice(version).entries())
    database.inTransaction(() => {
      database.exec(`${sql}; PRAGMA user_version = ${version + index + 1}`);
    });
};
