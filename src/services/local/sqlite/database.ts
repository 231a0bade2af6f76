// The database of the local runtime: one SQLite file, its schema versions, its transactions, and whether it works.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { StartupError } from '../../startup-error.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { MIGRATIONS } from './migrations.ts';
import { ensurePrivate } from './private-file.ts';

type Access = 'read' | 'written';

/** What may fail: an access, or bounding the length of the write-ahead log. */
type Task = Access | 'bounded';

/** 64 MiB of pages of 4 KiB: about 4 000 writes of claims, or some dozens of pools with large templates. */
const LOG_MAX_PAGES = 16_384;

/** The length of the log is read once in so many writes. */
const WRITES_PER_READING = 16;

export class Database extends DatabaseSync {
  readonly #failures = new Map<Task, string>();
  #writes = 0;
  #checkpoints: { readonly begin: () => void; readonly log: StatementSync } | undefined;

  /** Leaves checkpoints to `begin`, which is called while the write-ahead log is longer than 64 MiB. Default: SQLite's own. */
  delegateCheckpoints(begin: () => void): void {
    this.exec('PRAGMA wal_autocheckpoint = 0');
    // Reads the length without a checkpoint. SQLite before 3.51 does a passive one: slower, and as safe.
    this.#checkpoints = { begin, log: this.prepare('PRAGMA wal_checkpoint(NOOP)') };
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
    const result = this.#attempt(how, work);
    if (how === 'written' && ++this.#writes % WRITES_PER_READING === 0) this.#boundLog();
    return result;
  }

  #attempt<Result>(how: Access, work: () => Result): Result {
    try {
      const result = work();
      this.#failures.delete(how);
      return result;
    } catch (error) {
      if (!(error instanceof Error && 'errcode' in error)) throw error;
      const problem = `The local store cannot be ${how}: ${error.message}.`;
      this.#failures.set(how, problem);
      const message = how === 'read' ? problem : `${problem} Nothing was changed.`;
      throw new WarmpoolError('KUBERNETES::POOL_API_ERROR', message, { cause: error });
    }
  }

  #boundLog(): void {
    if (this.#checkpoints === undefined || this.isTransaction) return;
    const { begin, log } = this.#checkpoints;
    try {
      if (Number(log.get()?.log) > LOG_MAX_PAGES) begin();
      this.#failures.delete('bounded');
    } catch (error) {
      // The write before it is committed: its caller must not take it for failed.
      const reason = error instanceof Error ? error.message : String(error);
      this.#failures.set('bounded', `The log of the local store cannot be bounded: ${reason}.`);
    }
  }

  /** Random id of this database: 16 lower-case hex digits. */
  get instanceId(): string {
    return this.access('read', () => String(this.prepare('SELECT id FROM instance').get()?.id));
  }

  /** Why the last read, the last write, or the last attempt to bound the log failed, in sentences. */
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
