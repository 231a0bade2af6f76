// SQLite files that only their owner can read: templates contain secrets.
import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { codeOf } from '../../startup-error.ts';

/**
 * Creates the file with mode 0600, or sets the mode of an existing one and of its -wal, -shm and -journal.
 * Call it before SQLite opens the file: SQLite gives the files that it adds the mode of the database.
 */
export const ensurePrivate = (file: string): void => {
  try {
    // Never opens an existing file: closing it would drop the locks that this process has on it (POSIX advisory locks).
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    for (const suffix of ['', '-wal', '-shm', '-journal'])
      if (existsSync(file + suffix)) chmodSync(file + suffix, 0o600);
  }
};
