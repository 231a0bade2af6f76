import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DataDirError } from '../../../src/server/data-dir/data-dir-error.ts';
import { lockDataDir } from '../../../src/server/data-dir/lock-data-dir.ts';
import { makeDirectory } from './temporary-directory.ts';

const SOURCE = new URL('../../../src/server/data-dir/lock-data-dir.ts', import.meta.url);

/** Locks the data directory of its argument, says so, and holds it until it is killed. */
const HOLDER = `
  const { lockDataDir } = await import('${SOURCE.href}');
  lockDataDir(process.argv[1]);
  process.stdout.write('locked');
  process.stdin.resume();`;

/** Another process that has locked the directory, and goes on with the code `then`. */
const startHolder = async (dataDir: string, then = '') => {
  const holder = spawn(process.execPath, ['--expose-gc', '--input-type=module', '--eval', HOLDER + then, dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  return holder;
};

const isRoot = process.getuid?.() === 0;

describe('the lock of a data directory', () => {
  it('makes the directory for its owner alone', () => {
    const dataDir = join(makeDirectory(), 'a', 'b');
    using _lock = lockDataDir(dataDir);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  });

  it('is refused to a second server, with the directory and the process of the first', async () => {
    const dataDir = makeDirectory();
    const holder = await startHolder(dataDir);
    expect(() => lockDataDir(dataDir)).toThrow(DataDirError);
    expect(() => lockDataDir(dataDir)).toThrow(
      `The data directory ${dataDir} is in use by another server, process ${holder.pid ?? ''}.`,
    );
  });

  it('is refused twice within one process', () => {
    const dataDir = makeDirectory();
    using _lock = lockDataDir(dataDir);
    expect(() => lockDataDir(dataDir)).toThrow(`process ${process.pid}`);
  });

  it('holds when the file with the process id is gone', () => {
    const dataDir = makeDirectory();
    using _lock = lockDataDir(dataDir);
    writeFileSync(join(dataDir, 'pid'), '');
    expect(() => lockDataDir(dataDir)).toThrow('another server, whose process id is not known');
  });

  it('holds when nobody keeps what lockDataDir returned', async () => {
    const dataDir = makeDirectory();
    const holder = await startHolder(dataDir, 'setInterval(() => { gc(); process.stdout.write("collected"); }, 1);');
    for (let round = 0; round < 3; round++) await once(holder.stdout, 'data');
    expect(() => lockDataDir(dataDir)).toThrow('in use');
  });

  it('is free after kill -9', async () => {
    const dataDir = makeDirectory();
    const holder = await startHolder(dataDir);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(existsSync(join(dataDir, 'pid'))).toBe(true);
    using _lock = lockDataDir(dataDir);
  });

  it('is free once it is released, also twice', () => {
    const dataDir = makeDirectory();
    const first = lockDataDir(dataDir);
    first.release();
    using _second = lockDataDir(dataDir);
    first.release();
    expect(() => lockDataDir(dataDir)).toThrow('in use');
  });
});

describe('a data directory that cannot be used', () => {
  it('is a file', () => {
    const file = join(makeDirectory(), 'file');
    writeFileSync(file, '');
    expect(() => lockDataDir(file)).toThrow(`The data directory ${file} is a file.`);
    expect(() => lockDataDir(join(file, 'below'))).toThrow(/cannot be made: ENOTDIR/);
  });

  it.skipIf(process.platform !== 'linux')('is where no folder can be made', () => {
    expect(() => lockDataDir('/proc/warmpool')).toThrow('/proc/warmpool cannot be made');
    expect(() => lockDataDir('/proc/warmpool/below')).toThrow('cannot be made');
  });

  it('has something else in place of the lock', () => {
    const dataDir = makeDirectory();
    mkdirSync(join(dataDir, 'lock.db'));
    expect(() => lockDataDir(dataDir)).toThrow(`The data directory ${dataDir} cannot be locked (lock.db): `);
  });

  it.skipIf(isRoot)('is not writable', () => {
    const dataDir = makeDirectory();
    chmodSync(dataDir, 0o500);
    expect(() => lockDataDir(dataDir)).toThrow(`The data directory ${dataDir} cannot be locked`);
    expect(() => lockDataDir(join(dataDir, 'new'))).toThrow(/cannot be made: EACCES/);
  });
});
