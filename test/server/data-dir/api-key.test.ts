import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOrCreateApiKey } from '../../../src/server/data-dir/api-key.ts';
import { StartupError } from '../../../src/services/startup-error.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A data directory with this text as its key file. */
const directoryWith = (text: string, mode = 0o600): string => {
  const dataDir = temporaryDirectory();
  writeFileSync(join(dataDir, 'api-key'), text);
  chmodSync(join(dataDir, 'api-key'), mode);
  return dataDir;
};

describe('The API key of a data directory', () => {
  it('The API key is created at the first start, readable by its owner only, without any other file', () => {
    const dataDir = temporaryDirectory();
    const { key, file, warning } = readOrCreateApiKey(dataDir);
    expect(key).toMatch(/^[\w-]{43}$/);
    expect({ file, warning }).toEqual({ file: join(dataDir, 'api-key'), warning: undefined });
    expect(readFileSync(file, 'utf8')).toBe(`${key}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual(['api-key']);
  });

  it('The API key stays the same at the next start', () => {
    const dataDir = temporaryDirectory();
    const { key } = readOrCreateApiKey(dataDir);
    expect(readOrCreateApiKey(dataDir).key).toBe(key);
  });

  it('Each data directory has a different API key', () => {
    expect(readOrCreateApiKey(temporaryDirectory()).key).not.toBe(readOrCreateApiKey(temporaryDirectory()).key);
  });

  it.each(['mine', 'mine\n', 'mine\r\n', 'mine \n'])('An API key may be written by hand: %j', (text) => {
    expect(readOrCreateApiKey(directoryWith(text)).key).toBe('mine');
  });

  it.each([0o640, 0o604, 0o644])('An API key that other users can read is used with a warning', (mode) => {
    const dataDir = directoryWith('mine', mode);
    const { key, warning } = readOrCreateApiKey(dataDir);
    expect(key).toBe('mine');
    expect(warning).toContain(join(dataDir, 'api-key'));
    expect(warning).not.toContain('mine');
  });

  it.each(['', '\n', '  \n'])('An empty API key file is refused: %j', (text) => {
    const dataDir = directoryWith(text);
    expect(() => readOrCreateApiKey(dataDir)).toThrow(StartupError);
    expect(() => readOrCreateApiKey(dataDir)).toThrow(`The API key file ${join(dataDir, 'api-key')} is empty.`);
  });

  it.each(['two\nlines', 'schlüssel', ' in front'])('An API key that no header can carry is refused: %j', (text) => {
    const read = () => readOrCreateApiKey(directoryWith(text));
    expect(read).toThrow('is not one line of printable ASCII');
    expect(read).not.toThrow(text);
  });

  it('An API key of more than 1024 characters is refused', () => {
    expect(() => readOrCreateApiKey(directoryWith('k'.repeat(1_025)))).toThrow('more than 1024 characters');
  });

  it('An API key file that cannot be read is refused', () => {
    const dataDir = temporaryDirectory();
    mkdirSync(join(dataDir, 'api-key'));
    expect(() => readOrCreateApiKey(dataDir)).toThrow(/api-key cannot be read: EISDIR/);
  });

  it('An API key that cannot be written is refused', () => {
    expect(() => readOrCreateApiKey(join(temporaryDirectory(), 'missing'))).toThrow(
      /api-key cannot be written: ENOENT/,
    );
  });
});
