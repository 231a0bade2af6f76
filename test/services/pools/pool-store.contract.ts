// The definition of the PoolStore port: every store passes this suite.
import { describe, expect, test } from 'vitest';
import type { PoolEvent, PoolStore } from '../../../src/services/pools/pool-store.ts';
import type { StoredSpecification } from '../../../src/services/pools/pool.ts';
import { capacity, template } from '../../support/pools.ts';

const specification = (more: Partial<StoredSpecification> = {}): StoredSpecification => ({
  template: template(),
  capacitySpec: capacity(0, 0),
  labels: {},
  annotations: {},
  ...more,
});

const POOL_NOT_FOUND = { code: 'KUBERNETES::POOL_NOT_FOUND' };
const nothing = () => undefined;

/** Takes events until one fits. */
const takeUntil = async (events: AsyncIterator<PoolEvent>, fits: (event: PoolEvent) => boolean) => {
  const taken: PoolEvent[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done === true) throw new Error('The watch ended.');
    taken.push(next.value);
    if (fits(next.value)) return taken;
  }
};

const brief = (event: PoolEvent) => (event.type === 'synced' ? 'synced' : `${event.type} ${event.pool.name}`);

export const describePoolStore = (open: () => Promise<PoolStore>): void => {
  describe('create', () => {
    test('makes a pool with an identity, generation 1 and a version', async () => {
      const store = await open();
      const pool = await store.create('a', specification({ labels: { x: 'y' } }));
      expect(pool).toMatchObject({ name: 'a', generation: 1, specification: { labels: { x: 'y' } } });
      expect(Date.parse(pool.createdAt)).not.toBeNaN();
      expect(await store.get('a')).toEqual(pool);
    });

    test('refuses a name that exists', async () => {
      const store = await open();
      await store.create('a', specification());
      await expect(store.create('a', specification())).rejects.toMatchObject({
        code: 'KUBERNETES::POOL_ALREADY_EXISTS',
      });
    });

    test('of concurrent creates of one name exactly one succeeds', async () => {
      const store = await open();
      const results = await Promise.allSettled(Array.from({ length: 10 }, () => store.create('a', specification())));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
  });

  describe('get and list', () => {
    test('a name that does not exist is POOL_NOT_FOUND', async () => {
      await expect((await open()).get('a')).rejects.toMatchObject(POOL_NOT_FOUND);
    });

    test('the list is ordered by name, and the same array while nothing changes', async () => {
      const store = await open();
      for (const name of ['b', 'c', 'a', 'a-b', 'a1']) await store.create(name, specification());
      const list = await store.list();
      expect(list.map(({ name }) => name)).toEqual(['a', 'a-b', 'a1', 'b', 'c']);
      expect(await store.list()).toBe(list);
      await store.update('b', () => specification({ labels: { x: 'y' } }));
      expect(await store.list()).not.toBe(list);
    });
  });

  describe('update', () => {
    test('a changed specification is a new generation and a new version; the identity stays', async () => {
      const store = await open();
      const created = await store.create('a', specification());
      const { before, after } = await store.update('a', () => specification({ capacitySpec: capacity(1, 2) }));
      expect(before).toEqual(created);
      expect(after).toMatchObject({ uid: created.uid, createdAt: created.createdAt, generation: 2 });
      expect(after.resourceVersion).not.toBe(created.resourceVersion);
      expect(await store.get('a')).toEqual(after);
    });

    test('labels and annotations make a new version of the same generation', async () => {
      const store = await open();
      const created = await store.create('a', specification());
      const { after } = await store.update('a', () => specification({ annotations: { x: 'y' } }));
      expect(after.generation).toBe(1);
      expect(after.resourceVersion).not.toBe(created.resourceVersion);
    });

    test('a change that changes nothing makes no new version', async () => {
      const store = await open();
      const created = await store.create('a', specification());
      const { after } = await store.update('a', () => specification());
      expect(after).toEqual(created);
    });

    test('what the change throws is thrown, and nothing is stored', async () => {
      const store = await open();
      const created = await store.create('a', specification());
      const update = store.update('a', () => {
        throw new Error('refused');
      });
      await expect(update).rejects.toThrow('refused');
      expect(await store.get('a')).toEqual(created);
    });

    test('concurrent changes are computed one after the other: none is lost', async () => {
      const store = await open();
      await store.create('a', specification());
      const names = Array.from({ length: 20 }, (_, index) => `l${index}`);
      await Promise.all(
        names.map((name) =>
          store.update('a', ({ specification: present }) => ({
            ...present,
            labels: { ...present.labels, [name]: '' },
          })),
        ),
      );
      expect(Object.keys((await store.get('a')).specification.labels).sort()).toEqual(names.sort());
    });

    test('a pool that does not exist is POOL_NOT_FOUND', async () => {
      await expect((await open()).update('a', () => specification())).rejects.toMatchObject(POOL_NOT_FOUND);
    });
  });

  describe('delete', () => {
    test('the name is free at once, and a pool made again is another one', async () => {
      const store = await open();
      const first = await store.create('a', specification());
      await store.delete('a', nothing);
      await expect(store.get('a')).rejects.toMatchObject(POOL_NOT_FOUND);
      const second = await store.create('a', specification());
      expect(second.uid).not.toBe(first.uid);
      expect(second.resourceVersion).not.toBe(first.resourceVersion);
    });

    test('what the check throws is thrown, and the pool stays', async () => {
      const store = await open();
      await store.create('a', specification());
      const refused = store.delete('a', () => {
        throw new Error('in use');
      });
      await expect(refused).rejects.toThrow('in use');
      expect(await store.list()).toHaveLength(1);
    });

    test('a pool that does not exist is POOL_NOT_FOUND', async () => {
      await expect((await open()).delete('a', nothing)).rejects.toMatchObject(POOL_NOT_FOUND);
    });
  });

  describe('watch', () => {
    test('begins with the present state, then follows', async () => {
      const store = await open();
      const stop = new AbortController();
      await store.create('a', specification());
      const events = store.watch(stop.signal)[Symbol.asyncIterator]();
      const initial = await takeUntil(events, ({ type }) => type === 'synced');
      expect(initial.map(brief)).toEqual(['added a', 'synced']);
      await store.create('b', specification());
      const added = await takeUntil(events, ({ type }) => type === 'added');
      await store.update('b', () => specification({ labels: { x: 'y' } }));
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

    test('a reader that is slow gets the newest state of each pool', async () => {
      const store = await open();
      const stop = new AbortController();
      const events = store.watch(stop.signal)[Symbol.asyncIterator]();
      await takeUntil(events, ({ type }) => type === 'synced');
      await store.create('a', specification());
      for (let round = 1; round <= 50; round++)
        await store.update('a', () => specification({ capacitySpec: capacity(0, round) }));
      await store.create('end', specification());
      const taken = await takeUntil(events, (event) => event.type !== 'synced' && event.pool.name === 'end');
      const last = taken.findLast((event) => event.type !== 'synced' && event.pool.name === 'a');
      expect(last).toMatchObject({ pool: { specification: { capacitySpec: { bufferMax: 50 } } } });
      stop.abort();
    });
  });
};
