// The definition of the PoolStore port: every store passes this suite.
import { describe, expect, test } from 'vitest';
import { compareVersions } from '../../../src/lib/compare-versions.ts';
import type { PoolEvent, PoolStore } from '../../../src/services/pools/ports.ts';
import type { StoredSpecification } from '../../../src/services/pools/pool.ts';
import { newRetryRecord } from '../../../src/services/idempotency/retry-record.ts';
import { withRetryRecord } from '../../../src/services/pools/retry-record.ts';
import { capacity, specification } from '../../support/pools.ts';

/** The change of an update that also gives labels and annotations. */
const change = (it: StoredSpecification) => ({ specification: it, touchesMetadata: true });
const changed = (more: Partial<Omit<StoredSpecification, 'template' | 'recycleStrategy'>> = {}) =>
  change(specification(more));

const POOL_NOT_FOUND = { code: 'KUBERNETES::POOL_NOT_FOUND' };
const nothing = () => undefined;
const thrower = (message: string) => () => {
  throw new Error(message);
};

/** Reads events until one matches. */
const takeUntil = async (events: AsyncIterator<PoolEvent>, matches: (event: PoolEvent) => boolean) => {
  const taken: PoolEvent[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done === true) throw new Error('The watch ended.');
    taken.push(next.value);
    if (matches(next.value)) return taken;
  }
};

const brief = (event: PoolEvent) => (event.type === 'synced' ? 'synced' : `${event.type} ${event.pool.name}`);

export const describePoolStore = (open: () => Promise<PoolStore>): void => {
  describe('create', () => {
    test('create returns a pool with an identity, generation 1 and a version', async () => {
      const store = await open();
      const pool = await store.create('a', specification({ labels: { x: 'y' } }));
      expect(pool).toMatchObject({ name: 'a', generation: 1, specification: { labels: { x: 'y' } } });
      expect(Date.parse(pool.createdAt)).not.toBeNaN();
      expect(await store.get('a')).toEqual(pool);
    });

    test('create refuses a name that exists', async () => {
      const store = await open();
      await store.create('a', specification());
      await expect(store.create('a', specification())).rejects.toMatchObject({
        code: 'KUBERNETES::POOL_ALREADY_EXISTS',
      });
    });

    test('Of concurrent creates of one name exactly one succeeds', async () => {
      const store = await open();
      const results = await Promise.allSettled(Array.from({ length: 10 }, () => store.create('a', specification())));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
  });

  describe('get and list', () => {
    test('A get of a pool that does not exist rejects with POOL_NOT_FOUND', async () => {
      await expect((await open()).get('a')).rejects.toMatchObject(POOL_NOT_FOUND);
    });

    test('The list is ordered by name, and the same array while nothing changes', async () => {
      const store = await open();
      for (const name of ['b', 'c', 'a', 'a-b', 'a1']) await store.create(name, specification());
      const list = await store.list();
      expect(list.map(({ name }) => name)).toEqual(['a', 'a-b', 'a1', 'b', 'c']);
      expect(await store.list()).toBe(list);
      await store.update('b', () => changed({ labels: { x: 'y' } }));
      expect(await store.list()).not.toBe(list);
    });
  });

  describe('update', () => {
    test('A changed specification creates a new generation and a new version; the identity stays', async () => {
      const store = await open();
      const created = await store.create('a', specification());
      const { before, after } = await store.update('a', () => changed({ capacitySpec: capacity(1, 2) }));
      expect(before).toEqual(created);
      expect(after).toMatchObject({ uid: created.uid, createdAt: created.createdAt, generation: 2 });
      expect(after.resourceVersion).not.toBe(created.resourceVersion);
      expect(await store.get('a')).toEqual(after);
    });

    test('Changed labels and annotations create a new version of the same generation', async () => {
      const store = await open();
      const created = await store.create('a', specification());
      const { after } = await store.update('a', () => changed({ annotations: { x: 'y' } }));
      expect(after.generation).toBe(1);
      expect(after.resourceVersion).not.toBe(created.resourceVersion);
    });

    test('An update that changes nothing creates no new version', async () => {
      const store = await open();
      const created = await store.create('a', specification());
      const { after } = await store.update('a', () => changed());
      expect(after).toEqual(created);
    });

    test('An error thrown by the change rejects the update, and nothing is stored', async () => {
      const store = await open();
      const created = await store.create('a', specification());
      const update = store.update('a', () => {
        throw new Error('refused');
      });
      await expect(update).rejects.toThrow('refused');
      expect(await store.get('a')).toEqual(created);
    });

    test('No concurrent change is lost', async () => {
      const store = await open();
      await store.create('a', specification());
      const names = Array.from({ length: 20 }, (_, index) => `l${index}`);
      await Promise.all(
        names.map((name) =>
          store.update('a', ({ specification: present }) => changed({ labels: { ...present.labels, [name]: '' } })),
        ),
      );
      expect(Object.keys((await store.get('a')).specification.labels).sort()).toEqual(names.sort());
    });

    test('An update of a pool that does not exist rejects with POOL_NOT_FOUND', async () => {
      await expect((await open()).update('a', () => changed())).rejects.toMatchObject(POOL_NOT_FOUND);
    });
  });

  describe('delete', () => {
    test('After a delete the name is free immediately, and a recreated pool has a new identity', async () => {
      const store = await open();
      const first = await store.create('a', specification());
      await store.delete('a', nothing);
      await expect(store.get('a')).rejects.toMatchObject(POOL_NOT_FOUND);
      const second = await store.create('a', specification());
      expect(second.uid).not.toBe(first.uid);
      expect(second.resourceVersion).not.toBe(first.resourceVersion);
    });

    test('An error thrown by the check rejects the delete, and the pool stays', async () => {
      const store = await open();
      await store.create('a', specification());
      const refused = store.delete('a', () => {
        throw new Error('in use');
      });
      await expect(refused).rejects.toThrow('in use');
      expect(await store.list()).toHaveLength(1);
    });

    test('A delete of a pool that does not exist rejects with POOL_NOT_FOUND', async () => {
      await expect((await open()).delete('a', nothing)).rejects.toMatchObject(POOL_NOT_FOUND);
    });
  });

  describe('A dry run', () => {
    /** The pools of a store: their snapshots, the list itself, and the events since the watch began. */
    const watched = async (store: PoolStore) => {
      const stop = new AbortController();
      const events = store.watch(stop.signal)[Symbol.asyncIterator]();
      await takeUntil(events, ({ type }) => type === 'synced');
      const list = await store.list();
      return {
        expectNothing: async () => {
          expect(await store.list()).toBe(list);
          await store.create('end', specification());
          const taken = await takeUntil(events, (event) => event.type === 'added' && event.pool.name === 'end');
          expect(taken.map(brief)).toEqual(['added end']);
          stop.abort();
        },
      };
    };

    test('A dry run of a create returns the resulting pool, refuses a name that exists, and stores nothing', async () => {
      const store = await open();
      await store.create('a', specification());
      const { expectNothing } = await watched(store);
      const pool = await store.create('b', specification({ labels: { x: 'y' } }), { isDryRun: true });
      expect(pool).toMatchObject({ name: 'b', generation: 1, specification: { labels: { x: 'y' } } });
      expect([pool.uid, pool.resourceVersion].map((text) => typeof text)).toEqual(['string', 'string']);
      await expect(store.get('b')).rejects.toMatchObject(POOL_NOT_FOUND);
      await expect(store.create('a', specification(), { isDryRun: true })).rejects.toMatchObject({
        code: 'KUBERNETES::POOL_ALREADY_EXISTS',
      });
      await expectNothing();
    });

    test('A dry run of an update returns the current and the resulting pool, and stores nothing', async () => {
      const store = await open();
      const created = await store.create('a', specification());
      const { expectNothing } = await watched(store);
      const change = () => changed({ capacitySpec: capacity(1, 2), labels: { x: 'y' } });
      const { before, after } = await store.update('a', change, { isDryRun: true });
      expect(before).toEqual(created);
      expect(after).toMatchObject({ uid: created.uid, generation: 2, specification: change().specification });
      expect(await store.get('a')).toEqual(created);
      await expect(store.update('b', change, { isDryRun: true })).rejects.toMatchObject(POOL_NOT_FOUND);
      const refused = store.update('a', thrower('refused'), { isDryRun: true });
      await expect(refused).rejects.toThrow('refused');
      await expectNothing();
    });

    test('A dry run of an update that changes nothing returns the same version', async () => {
      const store = await open();
      const created = await store.create('a', specification());
      expect(await store.update('a', () => changed(), { isDryRun: true })).toEqual({
        before: created,
        after: created,
      });
    });

    test('A dry run of a delete returns the pool after its check, and keeps it', async () => {
      const store = await open();
      const created = await store.create('a', specification());
      const { expectNothing } = await watched(store);
      expect(await store.delete('a', nothing, { isDryRun: true, isExact: true })).toEqual(created);
      await expect(store.delete('a', thrower('in use'), { isDryRun: true })).rejects.toThrow('in use');
      await expect(store.delete('b', nothing, { isDryRun: true })).rejects.toMatchObject(POOL_NOT_FOUND);
      expect(await store.get('a')).toEqual(created);
      await expectNothing();
    });
  });

  describe('findByRetryKey', () => {
    const request = { key: 'k', caller: 'c', operation: 'pools.create', options: {}, body: {} };
    const record = { ...newRetryRecord(request, Date.parse('2026-01-01T00:00:00Z')), name: 'a' };
    const recorded = (more: Partial<Omit<StoredSpecification, 'template' | 'recycleStrategy'>> = {}) =>
      withRetryRecord(specification(more), record);

    test('findByRetryKey finds the current pool from its creation until its deletion', async () => {
      const store = await open();
      expect(store.findByRetryKey(record.key)).toBeUndefined();
      const created = await store.create('a', recorded());
      expect(store.findByRetryKey(record.key)).toEqual(created);
      const { after } = await store.update('a', () => change(recorded({ labels: { x: 'y' } })));
      expect(store.findByRetryKey(record.key)).toEqual(after);
      await store.delete('a', nothing);
      expect(store.findByRetryKey(record.key)).toBeUndefined();
    });

    test('findByRetryKey finds nothing after a dry run, by another key, or if the record was copied to another pool', async () => {
      const store = await open();
      await store.create('a', recorded(), { isDryRun: true });
      expect(store.findByRetryKey(record.key)).toBeUndefined();
      await store.create('copy', recorded());
      expect(store.findByRetryKey(record.key)).toBeUndefined();
      const created = await store.create('a', recorded());
      await store.update('copy', () => change(recorded({ labels: { x: 'y' } })));
      expect(store.findByRetryKey(record.key)).toEqual(created);
      expect(store.findByRetryKey(record.body)).toBeUndefined();
      await store.delete('copy', nothing);
      expect(store.findByRetryKey(record.key)).toEqual(created);
    });

    test('findByRetryKey finds nothing after an update removed the record', async () => {
      const store = await open();
      await store.create('a', recorded());
      await store.update('a', () => changed());
      expect(store.findByRetryKey(record.key)).toBeUndefined();
    });
  });

  test('Versions increase with every change in a store, whichever pool it affects', async () => {
    const store = await open();
    const first = await store.create('a', specification());
    const second = await store.create('b', specification());
    const stop = new AbortController();
    const events = store.watch(stop.signal)[Symbol.asyncIterator]();
    await takeUntil(events, ({ type }) => type === 'synced');
    const { after } = await store.update('a', () => changed({ labels: { x: 'y' } }));
    await store.delete('b', nothing);
    const deleted = (await takeUntil(events, ({ type }) => type === 'deleted')).at(-1);
    if (deleted === undefined || deleted.type === 'synced') throw new Error('No pool was deleted.');
    const versions = [first, second, after].map(({ resourceVersion }) => resourceVersion);
    expect([...versions].reverse().sort(compareVersions)).toEqual(versions);
    expect(new Set(versions).size).toBe(versions.length);
    // Kubernetes does not return the version of a deletion: the event may have that of the last snapshot.
    expect(compareVersions(deleted.pool.resourceVersion, second.resourceVersion)).toBeGreaterThanOrEqual(0);
    expect(compareVersions(first.resourceVersion, first.resourceVersion)).toBe(0);
    stop.abort();
  });

  describe('waitForSync', () => {
    test('waitForSync resolves when pools can be read', async () => {
      const store = await open();
      await store.create('a', specification());
      await store.waitForSync();
      await store.waitForSync(new AbortController().signal);
      expect(await store.list()).toHaveLength(1);
    });
  });

  describe('watch', () => {
    test('A watch begins with the current state, followed by changes', async () => {
      const store = await open();
      const stop = new AbortController();
      await store.create('a', specification());
      const events = store.watch(stop.signal)[Symbol.asyncIterator]();
      const initial = await takeUntil(events, ({ type }) => type === 'synced');
      expect(initial.map(brief)).toEqual(['added a', 'synced']);
      await store.create('b', specification());
      const added = await takeUntil(events, ({ type }) => type === 'added');
      await store.update('b', () => changed({ labels: { x: 'y' } }));
      const modified = await takeUntil(events, ({ type }) => type === 'modified');
      await store.delete('a', nothing);
      const deleted = await takeUntil(events, ({ type }) => type === 'deleted');
      expect([added.at(-1), modified.at(-1), deleted.at(-1)].map((event) => event && brief(event))).toEqual([
        'added b',
        'modified b',
        'deleted a',
      ]);
      stop.abort();
      expect(await events.next()).toMatchObject({ done: true });
    });

    test('A slow reader of a watch gets the newest state of each pool', async () => {
      const store = await open();
      const stop = new AbortController();
      const events = store.watch(stop.signal)[Symbol.asyncIterator]();
      await takeUntil(events, ({ type }) => type === 'synced');
      await store.create('a', specification());
      for (let round = 1; round <= 50; round++)
        await store.update('a', () => changed({ capacitySpec: capacity(0, round) }));
      await store.create('end', specification());
      const taken = await takeUntil(events, (event) => event.type !== 'synced' && event.pool.name === 'end');
      const last = taken.findLast((event) => event.type !== 'synced' && event.pool.name === 'a');
      expect(last).toMatchObject({ pool: { specification: { capacitySpec: { bufferMax: 50 } } } });
      stop.abort();
    });
  });
};
