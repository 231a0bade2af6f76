// The API key of a server that nobody gave one: made at the first start, in a file that only its owner reads.
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export type FoundApiKey = {
  readonly key: string;
  readonly file: string;
  /** Set when others than the owner can read the file. */
  readonly warning?: string;
};

/** The key in `<dataDir>/api-key`; a new one of 32 random bytes is written there when there is no file. Throws when the file is of no use. */
export const readOrMakeApiKey = (dataDir: string): FoundApiKey => {
  const file = path.join(dataDir, 'api-key');
  const key = read(file) ?? make(file);
  if (key === '')
    throw new Error(`The API key file ${file} is empty. Write a key into it, or remove it to have one made.`);
  const isShared = (statSync(file).mode & 0o077) !== 0;
  return { key, file, ...(isShared && { warning: `Others can read the API key in ${file}: run chmod 600 on it.` }) };
};

const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new Error(
      `The API key file ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      { cause },
    );
  }
};

/** The file appears whole or not at all. */
const make = (file: string): string => {
  const key = randomBytes(32).toString('base64url');
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${key}\n`, { mode: 0o600 });
  linkSync(draft, file);
  rmSync(draft);
  return key;
};
