import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { openDatabase } from '../../../src/services/local/sqlite/database.ts';
import { SqlitePoolStore } from '../../../src/services/local/sqlite/sqlite-pool-store.ts';
import { PoolService } from '../../../src/services/pools/pool-service.ts';
import { capacity, specification } from '../../support/pools.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { temporaryFolder } from '../../support/test-server.ts';
import { describePoolStore } from '../pools/pool-store.contract.ts';

const databaseIn = (folder: string) => {
  const database = openDatabase(path.join(folder, 'warmpool.db'));
  onTestFinished(() => {
    if (database.isOpen) database.close();
  });
  return database;
};

const open = (folder = temporaryFolder()) => {
  const database = databaseIn(folder);
  return { database, store: new SqlitePoolStore(database, systemClock) };
};

describePoolStore(() => Promise.resolve(open().store));

const stored = specification({ capacitySpec: capacity() });
const status = { total: 1, allocated: 1, available: 0, revision: 'r' };

describe('the SQLite store', () => {
  test('the store has the same pools after it is opened again, including their status', async () => {
    const folder = temporaryFolder();
    const first = open(folder);
    const { uid } = await first.store.create('a', stored);
    await first.store.update('a', () => ({
      specification: { ...stored, labels: { x: 'y' } },
      touchesMetadata: true,
    }));
    await first.store.writeStatus(uid, status);
    const before = await first.store.list();
    first.database.close();
    expect(await open(folder).store.list()).toEqual(before);
  });

  test('no version is assigned twice, even after the newest pool was deleted', async () => {
    const folder = temporaryFolder();
    const first = open(folder);
    const { resourceVersion } = await first.store.create('a', stored);
    await first.store.delete('a', () => undefined);
    first.database.close();
    const again = await open(folder).store.create('a', stored);
    expect(Number(again.resourceVersion)).toBeGreaterThan(Number(resourceVersion));
  });

  test('a changed status creates a new version, an unchanged one does not', async () => {
    const { store } = open();
    const { uid, resourceVersion } = await store.create('a', stored);
    await store.writeStatus(uid, status);
    const after = await store.get('a');
    expect(after).toMatchObject({ status, generation: 1 });
    expect(after.resourceVersion).not.toBe(resourceVersion);
    await store.writeStatus(uid, { ...status });
    expect(await store.get('a')).toBe(after);
  });

  test('each write is reported once, whether or not it succeeded', async () => {
    const writes: string[] = [];
    const store = new SqlitePoolStore(databaseIn(temporaryFolder()), systemClock, {
      write: (call, isDone) => writes.push(`${call} ${isDone}`),
    });
    await store.create('a', stored);
    await store.update('a', () => ({ specification: stored, touchesMetadata: true }));
    await store.delete('a', () => undefined);
    await expect(store.delete('a', () => undefined)).rejects.toThrow('not found');
    expect(writes).toEqual(['create true', 'update true', 'delete true', 'delete false']);
  });

  test('a database of a newer version of Warmpool is refused with what to do', () => {
    const file = path.join(temporaryFolder(), 'warmpool.db');
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 1000');
    newer.close();
    expect(() => openDatabase(file)).toThrow(/schema version 1000.*newer one/);
  });

  test('a write that SQLite refuses changes nothing, not even in memory', async () => {
    const { store, database } = open();
    const before = await store.create('a', stored);
    database.exec('PRAGMA query_only = 1');
    const update = store.update('a', () => ({
      specification: { ...stored, labels: { x: 'y' } },
      touchesMetadata: true,
    }));
    await expect(update).rejects.toMatchObject({ code: 'KUBERNETES::POOL_API_ERROR' });
    expect(await store.get('a')).toBe(before);
  });

  test('a full disk is a problem of the database until a write succeeds again', async () => {
    const { store, database } = open();
    await store.create('a', stored);
    const setPages = (rule: string) => database.prepare(`PRAGMA max_page_count = ${rule}`).get();
    setPages('1');
    const large = { ...stored, annotations: { note: 'x'.repeat(100_000) } };
    const full = 'The local store cannot be written: database or disk is full.';
    await expect(store.create('b', large)).rejects.toThrow(`${full} Nothing was changed.`);
    expect(database.problems()).toEqual([full]);
    await store.list();
    expect(database.problems()).toEqual([full]);
    setPages('1000000');
    await store.create('b', large);
    expect(database.problems()).toEqual([]);
  });
});

describe('deleting a pool with allocated members', () => {
  test('deleting a pool with allocated members is refused with their number unless forced, also on a dry run', async () => {
    const { store } = open();
    const unused = { list: () => Promise.resolve([]), plan: () => Promise.reject(new Error('no dry run')) };
    const ports = {
      members: unused,
      decisions: unused,
      planner: unused,
      reviewTemplate: () => [],
      clock: new FakeClock(),
    };
    const service = new PoolService({ ...ports, store });
    const { after } = await service.create('a', stored);
    await store.writeStatus(after.uid, status);
    const refused = service.delete('a', { isForced: false });
    await expect(refused).rejects.toMatchObject({
      code: 'POOL::IN_USE',
      message: expect.stringContaining('1 allocated member') as string,
    });
    await expect(service.delete('a', { isDryRun: true })).rejects.toMatchObject({ code: 'POOL::IN_USE' });
    await expect(service.delete('a', { isDryRun: true, isForced: true })).rejects.toThrow('no dry run');
    await expect(service.delete('a', { ifMatch: '"x"' })).rejects.toMatchObject({ code: 'POOL::VERSION_CONFLICT' });
    await service.delete('a', { isForced: true });
    expect(await service.list()).toEqual({ pools: [] });
  });
});
