import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StartupError } from '../../../src/services/startup-error.ts';
import { lockDataDir } from '../../../src/server/data-dir/lock-data-dir.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const SOURCE = new URL('../../../src/server/data-dir/lock-data-dir.ts', import.meta.url);

/** Locks the data directory of its argument, says so, and holds it until it is killed. */
const HOLDER = `
  const { lockDataDir } = await import('${SOURCE.href}');
  lockDataDir(process.argv[1]);
  process.stdout.write('locked');
  process.stdin.resume();`;

/** Another process that has locked the directory, and continues with the code `then`. */
const startHolder = async (dataDir: string, then = '') => {
  const holder = spawn(process.execPath, ['--expose-gc', '--input-type=module', '--eval', HOLDER + then, dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  return holder;
};

const isRoot = process.getuid?.() === 0;

describe('The lock of a data directory', () => {
  it('Locking creates the data directory, readable by its owner only', () => {
    const dataDir = join(temporaryDirectory(), 'a', 'b');
    using _lock = lockDataDir(dataDir);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  });

  it('The file of the lock is private even in a directory that others can read', () => {
    const dataDir = temporaryDirectory();
    chmodSync(dataDir, 0o755);
    writeFileSync(join(dataDir, 'lock.db'), '', { mode: 0o644 });
    using _lock = lockDataDir(dataDir);
    expect(statSync(join(dataDir, 'lock.db')).mode & 0o777).toBe(0o600);
  });

  it('A second server is refused, with the directory and the process of the first', async () => {
    const dataDir = temporaryDirectory();
    const holder = await startHolder(dataDir);
    expect(() => lockDataDir(dataDir)).toThrow(StartupError);
    expect(() => lockDataDir(dataDir)).toThrow(
      `The data directory ${dataDir} is in use by another server, process ${holder.pid ?? ''}.`,
    );
  });

  it('A directory cannot be locked twice within one process', () => {
    const dataDir = temporaryDirectory();
    using _lock = lockDataDir(dataDir);
    expect(() => lockDataDir(dataDir)).toThrow(`process ${process.pid}`);
  });

  it('The lock survives a second attempt within the process of the holder', async () => {
    const dataDir = temporaryDirectory();
    using _lock = lockDataDir(dataDir);
    expect(() => lockDataDir(dataDir)).toThrow('in use');
    const other = spawn(process.execPath, ['--input-type=module', '--eval', HOLDER, dataDir], { stdio: 'pipe' });
    onTestFinished(() => void other.kill('SIGKILL'));
    other.stderr.resume();
    expect(await once(other, 'exit')).toEqual([1, null]);
  });

  it('The lock does not depend on the file with the process id', () => {
    const dataDir = temporaryDirectory();
    using _lock = lockDataDir(dataDir);
    writeFileSync(join(dataDir, 'pid'), '');
    expect(() => lockDataDir(dataDir)).toThrow('another server, process id unknown');
  });

  it('The lock survives garbage collection of what lockDataDir returned', async () => {
    const dataDir = temporaryDirectory();
    const holder = await startHolder(dataDir, 'setInterval(() => { gc(); process.stdout.write("collected"); }, 1);');
    for (let round = 0; round < 3; round++) await once(holder.stdout, 'data');
    expect(() => lockDataDir(dataDir)).toThrow('in use');
  });

  it('kill -9 releases the lock', async () => {
    const dataDir = temporaryDirectory();
    const holder = await startHolder(dataDir);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(existsSync(join(dataDir, 'pid'))).toBe(true);
    using _lock = lockDataDir(dataDir);
  });

  it('A released lock can be acquired again, and releasing it twice is harmless', () => {
    const dataDir = temporaryDirectory();
    const first = lockDataDir(dataDir);
    first.dispose();
    using _second = lockDataDir(dataDir);
    first.dispose();
    expect(() => lockDataDir(dataDir)).toThrow('in use');
  });
});

describe('An unusable data directory', () => {
  it('A data directory that is a file is refused', () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    expect(() => lockDataDir(file)).toThrow(`The data directory ${file} is a file.`);
    expect(() => lockDataDir(join(file, 'below'))).toThrow(/cannot be created: ENOTDIR/);
  });

  it.skipIf(process.platform !== 'linux')('A data directory that cannot be created is refused', () => {
    expect(() => lockDataDir('/proc/warmpool')).toThrow('/proc/warmpool cannot be created');
    expect(() => lockDataDir('/proc/warmpool/below')).toThrow('cannot be created');
  });

  it('A data directory whose lock.db is not a database is refused', () => {
    const dataDir = temporaryDirectory();
    mkdirSync(join(dataDir, 'lock.db'));
    expect(() => lockDataDir(dataDir)).toThrow(`The data directory ${dataDir} cannot be locked (lock.db); `);
  });

  it.skipIf(isRoot)('A data directory that is not writable is refused', () => {
    const dataDir = temporaryDirectory();
    chmodSync(dataDir, 0o500);
    expect(() => lockDataDir(dataDir)).toThrow(`The data directory ${dataDir} cannot be locked`);
    expect(() => lockDataDir(join(dataDir, 'new'))).toThrow(/cannot be created: EACCES/);
  });
});
