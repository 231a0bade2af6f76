// One server a data directory. Node has no flock, and a file with a process id goes stale: an exclusive SQLite transaction
// that is held open is refused to everybody else, and ends with the process, however that ends.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type DataDirLock = { release(): void };

/** Makes the directory (mode 0700) if there is none, and locks it. Throws when it cannot be used, or another server has it. */
export const lockDataDir = (dataDir: string): DataDirLock => {
  const pidFile = path.join(dataDir, 'pid');
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    database = new DatabaseSync(path.join(dataDir, 'lock.db'));
    database.exec('BEGIN EXCLUSIVE');
    writeFileSync(pidFile, String(process.pid));
  } catch (cause) {
    database?.close();
    if (isLocked(cause))
      throw new Error(
        `The data directory ${dataDir} is in use by process ${readPid(pidFile)}. Stop that server, or choose another --data-dir.`,
        { cause },
      );
    throw new Error(
      `The data directory ${dataDir} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}.`,
      { cause },
    );
  }
  const held = database;
  return {
    release: () => {
      held.close();
    },
  };
};

const SQLITE_BUSY = 5;

const isLocked = (error: unknown) => error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;

const readPid = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '(unknown)';
  }
};
