// One server a data directory: a lock that a killed process cannot leave behind.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { codeOf, DataDirError, reasonOf } from './data-dir-error.ts';

/** Held until it is released or the process ends, however it ends. */
export type DataDirLock = Disposable & {
  /** Frees the directory. Again: does nothing. */
  release(): void;
};

/** A database that nobody refers to is collected, and its lock with it: callers need not keep what they were given. */
const held = new Set<DatabaseSync>();

/** SQLite's result code of a lock that somebody else holds. */
const SQLITE_BUSY = 5;

/**
 * Makes the data directory (mode 0700; one that exists keeps its mode) and takes its lock.
 * Throws DataDirError when another server holds it, naming that server's process, and when the directory cannot be made or written.
 */
export const lockDataDir = (dataDir: string): DataDirLock => {
  makeDirectory(dataDir);
  const pidFile = join(dataDir, 'pid');
  const database = lockDatabase(dataDir, pidFile);
  try {
    writeFileSync(pidFile, `${process.pid}\n`);
  } catch (error) {
    database.close();
    throw new DataDirError(`The data directory ${dataDir} cannot be written: ${reasonOf(error)}.`, { cause: error });
  }
  held.add(database);
  const release = (): void => {
    if (!held.delete(database)) return;
    // Before the lock is free: afterwards the file may be the next server's.
    rmSync(pidFile, { force: true });
    database.close();
  };
  return { release, [Symbol.dispose]: release };
};

const makeDirectory = (dataDir: string): void => {
  try {
    if (!existsSync(dataDir)) makeWithParents(dataDir);
    if (statSync(dataDir).isDirectory()) return;
  } catch (error) {
    // Another server made it just now: the lock decides.
    if (codeOf(error) === 'EEXIST') return;
    throw new DataDirError(`The data directory ${dataDir} cannot be made: ${reasonOf(error)}.`, { cause: error });
  }
  throw new DataDirError(`The data directory ${dataDir} is a file. Name a directory, or remove the file.`);
};

/** Node's own recursive form never returns where a file system has no new folders, such as /proc. */
const makeWithParents = (folder: string): void => {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || existsSync(dirname(folder))) throw error;
    makeWithParents(dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
  }
};

/** The kernel drops SQLite's lock with the process, also on kill -9; a file with a process id alone would go stale. */
const lockDatabase = (dataDir: string, pidFile: string): DatabaseSync => {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(dataDir, 'lock.db'), { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY)
      throw new DataDirError(
        `The data directory ${dataDir} is in use by ${describeHolder(pidFile)}. Stop that server, or give this one another directory with --data-dir.`,
        { cause: error },
      );
    throw new DataDirError(
      `The data directory ${dataDir} cannot be locked (lock.db): ${reasonOf(error)}. Check that this user may write there.`,
      {
        cause: error,
      },
    );
  }
};

const describeHolder = (pidFile: string): string => {
  try {
    const pid = readFileSync(pidFile, 'utf8').trim();
    if (/^\d+$/.test(pid)) return `another server, process ${pid}`;
  } catch {
    // The holder has not written it yet, or somebody removed it. The lock holds all the same.
  }
  return 'another server, whose process id is not known';
};
