// Samples in SQLite: the contract of every sample store, and what survives a restart.
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase, type Database } from '../../../src/services/local/sqlite/database.ts';
import { GroupCommit } from '../../../src/services/local/sqlite/group-commit.ts';
import { SampleTable } from '../../../src/services/local/sqlite/sample-table.ts';
import { describeSampleStore } from '../history/sample-store.contract.ts';

const openMemory = (): Database => {
  const database = openDatabase(':memory:');
  onTestFinished(() => {
    database.close();
  });
  return database;
};
const tableOf = (database: Database) => new SampleTable(database, new GroupCommit(database));

describeSampleStore('SQLite', () => tableOf(openMemory()));

test('Ticks are loaded in order after a restart, without those that were removed', async () => {
  const database = openMemory();
  const store = tableOf(database);
  for (const at of [30, 10, 20]) await store.addTick(at, () => Uint8Array.of(at));
  await store.removeTicks(20);
  expect(tableOf(database).loadTicks()).toEqual([
    { at: 20, bytes: Uint8Array.of(20) },
    { at: 30, bytes: Uint8Array.of(30) },
  ]);
});

test('The numbers of pools that were in a tick survive a restart', async () => {
  const database = openMemory();
  const store = tableOf(database);
  const number = store.numberOf('a');
  await store.addTick(10, () => Uint8Array.of(1));
  const restarted = tableOf(database);
  expect([...restarted.pools()]).toEqual(['a']);
  expect(restarted.numberOf('a')).toBe(number);
});

test('After a restart, the number of a forgotten pool is not given out again', async () => {
  const database = openMemory();
  const store = tableOf(database);
  const number = store.numberOf('a');
  await store.addTick(10, () => Uint8Array.of(1));
  await store.forget('a');
  expect(tableOf(database).numberOf('b')).not.toBe(number);
});
