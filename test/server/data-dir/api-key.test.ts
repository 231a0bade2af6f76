import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOrMakeApiKey } from '../../../src/server/data-dir/api-key.ts';
import { DataDirError } from '../../../src/server/data-dir/data-dir-error.ts';
import { makeDirectory } from './temporary-directory.ts';

/** A data directory with this text as its key file. */
const directoryWith = (text: string, mode = 0o600): string => {
  const dataDir = makeDirectory();
  writeFileSync(join(dataDir, 'api-key'), text);
  chmodSync(join(dataDir, 'api-key'), mode);
  return dataDir;
};

describe('the API key of a data directory', () => {
  it('is made at the first start, for the owner alone, and leaves no other file', () => {
    const dataDir = makeDirectory();
    const { key, file, isNew, warning } = readOrMakeApiKey(dataDir);
    expect(key).toMatch(/^[\w-]{43}$/);
    expect({ file, isNew, warning }).toEqual({ file: join(dataDir, 'api-key'), isNew: true, warning: undefined });
    expect(readFileSync(file, 'utf8')).toBe(`${key}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual(['api-key']);
  });

  it('is the same at the next start', () => {
    const dataDir = makeDirectory();
    const { key } = readOrMakeApiKey(dataDir);
    expect(readOrMakeApiKey(dataDir)).toMatchObject({ key, isNew: false });
  });

  it('is another one in another directory', () => {
    expect(readOrMakeApiKey(makeDirectory()).key).not.toBe(readOrMakeApiKey(makeDirectory()).key);
  });

  it.each(['mine', 'mine\n', 'mine\r\n', 'mine \n'])('may be written by hand: %j', (text) => {
    expect(readOrMakeApiKey(directoryWith(text)).key).toBe('mine');
  });

  it.each([0o640, 0o604, 0o644])('is warned of when others can read it', (mode) => {
    const dataDir = directoryWith('mine', mode);
    const { key, warning } = readOrMakeApiKey(dataDir);
    expect(key).toBe('mine');
    expect(warning).toContain(join(dataDir, 'api-key'));
    expect(warning).not.toContain('mine');
  });

  it.each(['', '\n', '  \n'])('is refused when the file is empty: %j', (text) => {
    const dataDir = directoryWith(text);
    expect(() => readOrMakeApiKey(dataDir)).toThrow(DataDirError);
    expect(() => readOrMakeApiKey(dataDir)).toThrow(`The API key file ${join(dataDir, 'api-key')} is empty.`);
  });

  it.each(['two\nlines', 'schlüssel', ' in front'])('is refused when no header can carry it: %j', (text) => {
    const read = () => readOrMakeApiKey(directoryWith(text));
    expect(read).toThrow('is not one line of printable ASCII');
    expect(read).not.toThrow(text);
  });

  it('is refused when it is longer than what is compared', () => {
    expect(() => readOrMakeApiKey(directoryWith('k'.repeat(1_025)))).toThrow('more than 1024 characters');
  });

  it('is refused when the file cannot be read', () => {
    const dataDir = makeDirectory();
    mkdirSync(join(dataDir, 'api-key'));
    expect(() => readOrMakeApiKey(dataDir)).toThrow(/api-key cannot be read: EISDIR/);
  });

  it('is refused when it cannot be written', () => {
    expect(() => readOrMakeApiKey(join(makeDirectory(), 'missing'))).toThrow(/api-key cannot be written: ENOENT/);
  });
});
