// The API key that a local server makes for itself when none is configured.
import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_KEY_MAX_LENGTH } from '../../contract/limits.ts';
import { codeOf, DataDirError, reasonOf } from './data-dir-error.ts';

/** What an HTTP header can carry to and fro unchanged: printable ASCII, no white space at the ends. */
export const API_KEY_PATTERN = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;

const KEY_BYTES = 32;
const OTHERS_MAY_READ = 0o044;

export type FoundApiKey = {
  readonly key: string;
  /** Where it is kept. */
  readonly file: string;
  /** Made just now. */
  readonly isNew: boolean;
  /** For the log: other users of the machine can read the file. */
  readonly warning?: string | undefined;
};

/**
 * Reads `<dataDir>/api-key`, or makes one (32 random bytes, base64url, mode 0600). White space at its end does not count.
 * Throws DataDirError when the file is there but empty, unreadable or no key, and when it cannot be written.
 */
export const readOrMakeApiKey = (dataDir: string): FoundApiKey => {
  const file = join(dataDir, 'api-key');
  return readApiKey(file) ?? makeApiKey(file) ?? readOrMakeApiKey(dataDir);
};

const readApiKey = (file: string): FoundApiKey | undefined => {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const key = readFileSync(descriptor, 'utf8').trimEnd();
    const { mode } = fstatSync(descriptor);
    if (key === '')
      throw new DataDirError(`The API key file ${file} is empty. Write a key into it, or remove it to get a new one.`);
    if (!API_KEY_PATTERN.test(key))
      throw new DataDirError(
        `The API key file ${file} is not one line of printable ASCII, which an HTTP header could carry.`,
      );
    if (key.length > API_KEY_MAX_LENGTH)
      throw new DataDirError(`The API key in ${file} has more than ${API_KEY_MAX_LENGTH} characters.`);
    const isOpen = (mode & OTHERS_MAY_READ) !== 0;
    return { key, file, isNew: false, warning: isOpen ? openFileWarning(file) : undefined };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (error instanceof DataDirError) throw error;
    throw new DataDirError(`The API key file ${file} cannot be read: ${reasonOf(error)}.`, { cause: error });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
};

const openFileWarning = (file: string): string =>
  `The API key file ${file} can be read by other users of this machine. Run: chmod 600 ${file}`;

/** Undefined when somebody else made one meanwhile. */
const makeApiKey = (file: string): FoundApiKey | undefined => {
  const key = randomBytes(KEY_BYTES).toString('base64url');
  const draft = `${file}.${process.pid}.draft`;
  try {
    writeDurably(draft, `${key}\n`);
    // Unlike a rename, a link never replaces a key that callers may already know.
    linkSync(draft, file);
    return { key, file, isNew: true };
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw new DataDirError(`The API key file ${file} cannot be written: ${reasonOf(error)}.`, { cause: error });
  } finally {
    rmSync(draft, { force: true });
  }
};

const writeDurably = (file: string, text: string): void => {
  rmSync(file, { force: true });
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};
