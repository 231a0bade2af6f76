// One server per data directory: a lock that ends with its process.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ensurePrivate } from '../../services/local/sqlite/private-file.ts';
import { codeOf, StartupError } from '../../services/startup-error.ts';

/** References the locked databases: garbage collection of one would release its lock. */
const held = new Set<DatabaseSync>();

/** SQLite's result code for a database that another process has locked. */
const SQLITE_BUSY = 5;

/**
 * Creates the data directory (mode 0700; an existing one keeps its mode) and locks it.
 * The lock is released when it is disposed or the process ends, however it ends.
 * Throws StartupError when another server holds the lock, naming its process, and when the directory cannot be created or written.
 */
export const lockDataDir = (dataDir: string): DisposableStack => {
  createDirectory(dataDir);
  const pidFile = join(dataDir, 'pid');
  const database = lockDatabase(dataDir, pidFile);
  try {
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    database.close();
    throw StartupError.because(`The data directory ${dataDir} cannot be written`, error);
  }
  held.add(database);
  const lock = new DisposableStack();
  lock.defer(() => {
    held.delete(database);
    try {
      // Before the lock is released: afterwards the file may be the next server's.
      rmSync(pidFile, { force: true });
    } catch {
      // The file is informational only; the directory may have become read-only.
    }
    database.close();
  });
  return lock;
};

const createDirectory = (dataDir: string): void => {
  try {
    createWithParents(dataDir);
    if (statSync(dataDir).isDirectory()) return;
  } catch (error) {
    throw StartupError.because(`The data directory ${dataDir} cannot be created`, error);
  }
  throw new StartupError(`The data directory ${dataDir} is a file. Name a directory, or delete the file.`);
};

/** Node's own recursive form never returns on a file system that refuses new folders, such as /proc. */
const createWithParents = (folder: string): void => {
  if (existsSync(folder)) return;
  createWithParents(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another server has just created it: the lock decides.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
};

/** The kernel releases SQLite's lock when the process ends, even by kill -9; a file with a process id would go stale. */
const lockDatabase = (dataDir: string, pidFile: string): DatabaseSync => {
  let database: DatabaseSync | undefined;
  try {
    const file = join(dataDir, 'lock.db');
    ensurePrivate(file);
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY)
      throw new StartupError(
        `The data directory ${dataDir} is in use by ${describeHolder(pidFile)}. Stop that server, or give this one another directory with --data-dir.`,
        { cause: error },
      );
    throw StartupError.because(
      `The data directory ${dataDir} cannot be locked (lock.db); this user must be able to write there`,
      error,
    );
  }
};

const describeHolder = (pidFile: string): string => {
  try {
    const pid = readFileSync(pidFile, 'utf8').trim();
    if (/^\d+$/.test(pid)) return `another server, process ${pid}`;
  } catch {
    // The holder has not written it yet, or it was deleted. The lock does not depend on it.
  }
  return 'another server, process id unknown';
};
