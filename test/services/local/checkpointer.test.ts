// The write-ahead log of the local store: copied into the database by a thread of its own.
import { statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { Checkpointer } from '../../../src/services/local/sqlite/checkpointer.ts';
import { openDatabase } from '../../../src/services/local/sqlite/database.ts';
import { temporaryFolder } from '../../support/test-server.ts';

const MIB = 1_048_576;

test('A write is committed and succeeds if the checkpoint after it cannot begin, which is reported as a problem', () => {
  const database = openDatabase(path.join(temporaryFolder(), 'warmpool.db'));
  onTestFinished(() => {
    database.close();
  });
  let isBroken = true;
  database.delegateCheckpoints(() => {
    if (isBroken) throw new Error('no thread can be started');
  });
  const put = database.prepare('INSERT INTO claims (id, claim) VALUES (?, ?)');
  const write = (first: number) => {
    for (let id = first; id < first + 32; id++) database.inTransaction(() => put.run(String(id), 'x'.repeat(3 * MIB)));
  };
  write(0);
  expect(database.prepare('SELECT count(*) AS count FROM claims').get()).toEqual({ count: 32 });
  expect(database.problems()).toEqual(['The log of the local store cannot be bounded: no thread can be started.']);
  isBroken = false;
  write(32);
  expect(database.problems()).toEqual([]);
});

test('The write-ahead log is copied into the database after 64 MiB, however few writes that are, and then reused', async () => {
  const file = path.join(temporaryFolder(), 'warmpool.db');
  const database = openDatabase(file);
  const observer = new DatabaseSync(file);
  const checkpointer = new Checkpointer(file);
  onTestFinished(async () => {
    await checkpointer.close();
    observer.close();
    database.close();
  });
  database.delegateCheckpoints(() => {
    checkpointer.request();
  });
  const put = database.prepare("INSERT OR REPLACE INTO claims (id, claim) VALUES ('claim', ?)");
  const write = (times: number, length: number) => {
    for (let written = 0; written < times; written++) database.inTransaction(() => put.run('x'.repeat(length)));
  };
  for (let round = 0; round < 3; round++) {
    write(80, MIB);
    // A request while a checkpoint runs is dropped: one of the next writes makes another.
    const logPages = () => {
      write(16, 1);
      return Number(observer.prepare('PRAGMA wal_checkpoint(NOOP)').get()?.log);
    };
    await expect.poll(logPages, { timeout: 15_000 }).toBeLessThan(1_000);
  }
  expect(statSync(`${file}-wal`).size).toBeLessThan(100 * MIB);
  expect(checkpointer.problems()).toEqual([]);
});
