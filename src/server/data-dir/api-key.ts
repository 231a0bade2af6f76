// The API key that a local server creates for itself when none is configured.
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_KEY_MAX_LENGTH } from '../../contract/limits.ts';
import { codeOf, StartupError } from '../../services/startup-error.ts';

/** What an HTTP header carries unchanged: printable ASCII without white space at its ends. */
export const API_KEY_PATTERN = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;

const KEY_BYTES = 32;
const OTHERS_MAY_READ = 0o044;

export type FoundApiKey = {
  readonly key: string;
  readonly file: string;
  /** For the log: other users of the machine can read the file. */
  readonly warning?: string;
};

/**
 * Reads `<dataDir>/api-key`, or creates it (32 random bytes, base64url, mode 0600). White space at its end is ignored.
 * Throws StartupError when the file exists but is empty, unreadable or not a key, and when it cannot be written.
 */
export const readOrCreateApiKey = (dataDir: string): FoundApiKey => {
  const file = join(dataDir, 'api-key');
  return readApiKey(file) ?? createApiKey(file) ?? readOrCreateApiKey(dataDir);
};

const readApiKey = (file: string): FoundApiKey | undefined => {
  try {
    const key = readFileSync(file, 'utf8').trimEnd();
    if (key === '')
      throw new StartupError(`The API key file ${file} is empty. Write a key into it, or delete it to get a new one.`);
    if (!API_KEY_PATTERN.test(key))
      throw new StartupError(
        `The API key file ${file} is not one line of printable ASCII, so no HTTP header can carry the key. Write a valid key into it, or delete it to get a new one.`,
      );
    if (key.length > API_KEY_MAX_LENGTH)
      throw new StartupError(
        `The API key in ${file} has more than ${API_KEY_MAX_LENGTH} characters. Shorten it, or delete the file to get a new one.`,
      );
    if ((statSync(file).mode & OTHERS_MAY_READ) === 0) return { key, file };
    const warning = `The API key file ${file} can be read by other users of this machine. Run: chmod 600 ${file}`;
    return { key, file, warning };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (error instanceof StartupError) throw error;
    throw StartupError.because(`The API key file ${file} cannot be read`, error);
  }
};

/** Undefined when another process has created one meanwhile. */
const createApiKey = (file: string): FoundApiKey | undefined => {
  const key = randomBytes(KEY_BYTES).toString('base64url');
  const draft = `${file}.${process.pid}.draft`;
  try {
    rmSync(draft, { force: true });
    writeFileSync(draft, `${key}\n`, { flag: 'wx', mode: 0o600, flush: true });
    // Unlike a rename, a link never replaces a key that clients may already use.
    linkSync(draft, file);
    return { key, file };
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw StartupError.because(`The API key file ${file} cannot be written`, error);
  } finally {
    rmSync(draft, { force: true });
  }
};
