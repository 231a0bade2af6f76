// The database of the local runtime: one SQLite file, its schema versions, and its transactions.
import { DatabaseSync } from 'node:sqlite';
import { StartupError } from '../../startup-error.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { MIGRATIONS } from './migrations.ts';
import { ensurePrivate } from './private-file.ts';

/**
 * Opens the database and brings its schema to the newest version.
 * WAL with synchronous=NORMAL: what is committed survives a killed process; a power loss may cost the last moments.
 * Throws StartupError when the file cannot be opened or was written by a newer version of Warmpool.
 */
export const openDatabase = (file: string): DatabaseSync => {
  const database = connect(file);
  migrate(database, file);
  return database;
};

const connect = (file: string): DatabaseSync => {
  try {
    if (file !== ':memory:') ensurePrivate(file);
    const database = new DatabaseSync(file, { timeout: 5_000, enableForeignKeyConstraints: true, defensive: true });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    return database;
  } catch (cause) {
    throw StartupError.because(`${file} cannot be opened`, cause);
  }
};

const migrate = (database: DatabaseSync, file: string): void => {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version > MIGRATIONS.length)
    throw new StartupError(
      `${file} has schema version ${version}; this Warmpool knows versions up to ${MIGRATIONS.length}. Start the Warmpool that wrote it, or a newer one.`,
    );
  for (const [index, sql] of MIGRATIONS.slice(version).entries())
    inTransaction(database, () => {
      database.exec(`${sql}; PRAGMA user_version = ${version + index + 1}`);
    });
};

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
export const inTransaction = <Result>(database: DatabaseSync, work: () => Result): Result => {
  try {
    database.exec('BEGIN IMMEDIATE');
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw asWarmpoolError(error);
  }
};

/** SQLite's own errors (disk full, file damaged) have no code of their own; the log has the cause. */
const asWarmpoolError = (error: unknown): unknown =>
  error instanceof Error && 'errcode' in error
    ? new WarmpoolError(
        'KUBERNETES::POOL_API_ERROR',
        `The local store failed: ${error.message}. Nothing was changed.`,
        {
          cause: error,
        },
      )
    : error;
