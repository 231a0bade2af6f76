// The cache of pools, whatever order their events arrive in.
import { describe, expect, test } from 'vitest';
import { PoolCache } from '../../../src/services/kubernetes/cache/pool-cache.ts';
import type { PoolEvent } from '../../../src/services/pools/ports.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { capacity } from '../../support/pools.ts';

const pool = (name: string, resourceVersion: number, { uid = `uid-${name}`, createdMs = 0 } = {}) => ({
  metadata: {
    uid,
    name,
    resourceVersion: String(resourceVersion),
    generation: 1,
    creationTimestamp: new Date(createdMs).toISOString(),
  },
  spec: { capacitySpec: capacity() },
});

const versions = (cache: PoolCache) =>
  cache.pools.list().map(({ name, resourceVersion }) => `${name}@${resourceVersion}`);

describe('Events of one pool', () => {
  test('An older version never replaces a newer one', () => {
    const cache = new PoolCache(new FakeClock());
    cache.put(pool('a', 9));
    expect(cache.put(pool('a', 7)).resourceVersion).toBe('9');
    // As numbers: "10" is newer than "9".
    cache.put(pool('a', 10));
    expect(versions(cache)).toEqual(['a@10']);
  });

  test('Receiving the same version again keeps the snapshot', () => {
    const cache = new PoolCache(new FakeClock());
    const list = (cache.put(pool('a', 1)), cache.pools.list());
    cache.put(pool('a', 1));
    expect(cache.pools.list()).toBe(list);
  });

  test('A late event does not bring a deleted pool back', () => {
    const cache = new PoolCache(new FakeClock());
    cache.put(pool('a', 1));
    cache.remove({ uid: 'uid-a', name: 'a' });
    cache.put(pool('a', 2));
    cache.replace([pool('a', 2)], '3');
    expect(cache.pools.list()).toEqual([]);
  });

  test('A new pool of the same name replaces the old one, and the deletion of the old one does not affect it', () => {
    const cache = new PoolCache(new FakeClock());
    cache.put(pool('a', 1, { uid: 'old' }));
    cache.put(pool('a', 5, { uid: 'new' }));
    cache.remove({ uid: 'old', name: 'a' });
    expect(cache.put(pool('a', 2, { uid: 'old' })).uid).toBe('old');
    expect(cache.pools.get('a')?.uid).toBe('new');
  });
});

describe('A complete list', () => {
  test('A list removes the cached pools that it lacks, unless they are newer than the list', () => {
    const cache = new PoolCache(new FakeClock());
    for (const [name, version] of [
      ['gone', 1],
      ['kept', 2],
      ['new', 12],
    ] as const)
      cache.put(pool(name, version));
    cache.replace([pool('kept', 8)], '10');
    expect(versions(cache)).toEqual(['kept@8', 'new@12']);
  });

  test('Readers of the watch receive what a list changed, and nothing else', async () => {
    const cache = new PoolCache(new FakeClock());
    cache.put(pool('gone', 1));
    cache.put(pool('same', 2));
    const stop = new AbortController();
    const events = cache.pools.watch(stop.signal)[Symbol.asyncIterator]();
    const next = async () => brief((await events.next()).value as PoolEvent);
    expect([await next(), await next(), await next()]).toEqual(['added gone', 'added same', 'synced']);
    cache.replace([pool('same', 2), pool('created', 3)], '4');
    expect([await next(), await next()]).toEqual(['deleted gone', 'added created']);
    stop.abort();
    expect(await events.next()).toMatchObject({ done: true });
  });
});

test('After a cache is cleared, older versions are accepted', () => {
  const cache = new PoolCache(new FakeClock());
  cache.put(pool('a', 50));
  cache.remove({ uid: 'uid-a', name: 'a' });
  cache.put(pool('b', 60));
  cache.clear();
  cache.replace([pool('a', 3)], '5');
  expect(versions(cache)).toEqual(['a@3']);
});

test('A pool that stays without a status gets a new representation without any event', async () => {
  const clock = new FakeClock();
  const cache = new PoolCache(clock);
  cache.put(pool('a', 1, { createdMs: clock.now() }));
  const stop = new AbortController();
  const events = cache.pools.watch(stop.signal)[Symbol.asyncIterator]();
  await events.next();
  await events.next();
  expect(cache.pools.get('a')).not.toHaveProperty('status');
  clock.moveTo(clock.now() + 30_000);
  expect(cache.pools.get('a')?.status?.conditions).toMatchObject([{ reason: 'NotReconciled' }]);
  expect(brief((await events.next()).value as PoolEvent)).toBe('modified a');
  expect(clock.nextAtMs).toBeUndefined();
  stop.abort();
});

test('Deleting a pool cancels its timer', () => {
  const clock = new FakeClock();
  const cache = new PoolCache(clock);
  cache.put(pool('a', 1, { createdMs: clock.now() }));
  cache.remove({ uid: 'uid-a', name: 'a' });
  expect(clock.nextAtMs).toBeUndefined();
});

const brief = (event: PoolEvent) => (event.type === 'synced' ? 'synced' : `${event.type} ${event.pool.name}`);
