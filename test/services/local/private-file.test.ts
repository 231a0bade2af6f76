// Files of the local store, in a directory that every user of the machine can read.
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../src/services/local/sqlite/database.ts';
import { temporaryFolder } from '../../support/test-server.ts';

const FILES = ['warmpool.db', 'warmpool.db-shm', 'warmpool.db-wal'];

const openIn = (folder: string) => {
  const database = openDatabase(path.join(folder, 'warmpool.db'));
  onTestFinished(() => {
    database.close();
  });
};

const modesIn = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, statSync(path.join(folder, name)).mode & 0o777]));

const PRIVATE = Object.fromEntries(FILES.map((name) => [name, 0o600]));

test('Only its owner can read a new database', () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  openIn(folder);
  expect(modesIn(folder)).toEqual(PRIVATE);
});

test('A database that others could read becomes private when it is opened, even after a crash', () => {
  const folder = temporaryFolder();
  for (const name of FILES) writeFileSync(path.join(folder, name), '', { mode: 0o644 });
  openIn(folder);
  expect(modesIn(folder)).toEqual(PRIVATE);
});
