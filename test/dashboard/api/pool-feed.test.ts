import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PoolStreamEvent } from '../../../src/contract/pool-event.ts';
import { PoolFeed, type LivePools } from '../../../src/dashboard/api/pool-feed.ts';
import { Store } from '../../../src/dashboard/api/store.ts';
import { poolWith } from '../overview/pools.ts';

const added = (name: string): PoolStreamEvent => ({ type: 'added', pool: poolWith(name, []) });
const modified = (name: string, generation: number): PoolStreamEvent => ({
  type: 'modified',
  pool: poolWith(name, [], { generation }),
});
const deleted = (name: string): PoolStreamEvent => ({
  type: 'deleted',
  name,
  uid: `uid-${name}`,
  resourceVersion: '2',
});
const BOOKMARK: PoolStreamEvent = { type: 'bookmark', resourceVersion: '1' };
const RESET: PoolStreamEvent = { type: 'reset' };

const startFeed = (...events: readonly PoolStreamEvent[]) => {
  const store = new Store<LivePools>({ pools: undefined, connection: { state: 'connecting' } });
  const feed = new PoolFeed(store);
  const receive = (...more: readonly PoolStreamEvent[]) => {
    for (const event of more) feed.receive(event);
  };
  const names = () => [...(store.get().pools?.keys() ?? ['unknown'])].join(' ');
  feed.begin();
  receive(...events);
  return { store, feed, receive, names };
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('The feed of pools', () => {
  test('Pools are unknown until the initial state is complete, and are shown at once then.', () => {
    const { receive, names } = startFeed(added('a'), added('b'));
    vi.advanceTimersByTime(1_000);
    expect(names()).toBe('unknown');
    receive(BOOKMARK);
    expect(names()).toBe('a b');
  });

  test('A hundred changes within 100 ms are shown as one.', () => {
    const { store, receive } = startFeed(added('a'), BOOKMARK);
    const listener = vi.fn();
    store.subscribe(listener);
    for (let generation = 1; generation <= 100; generation++) receive(modified('a', generation));
    expect(listener).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100);
    expect(listener).toHaveBeenCalledOnce();
    expect(store.get().pools?.get('a')?.generation).toBe(100);
  });

  test('Changes that go on are shown every 100 ms: a new one does not postpone them.', () => {
    const { store, receive } = startFeed(added('a'), BOOKMARK);
    const listener = vi.fn();
    store.subscribe(listener);
    for (let step = 1; step <= 50; step++) {
      receive(modified('a', step));
      vi.advanceTimersByTime(20);
    }
    expect(listener).toHaveBeenCalledTimes(10);
  });

  test('A deleted pool is gone, and the pools that are shown already do not change themselves.', () => {
    const { store, receive, names } = startFeed(added('a'), added('b'), BOOKMARK);
    const before = store.get().pools;
    receive(deleted('a'));
    vi.advanceTimersByTime(100);
    expect(names()).toBe('b');
    expect(before?.size).toBe(2);
  });

  test('After a reset the old pools are shown until the new state is complete.', () => {
    const { receive, names } = startFeed(added('a'), BOOKMARK);
    receive(RESET, added('b'), deleted('c'));
    vi.advanceTimersByTime(1_000);
    expect(names()).toBe('a');
    receive(BOOKMARK);
    expect(names()).toBe('b');
  });

  test('A resumed subscription continues with what is known.', () => {
    const { feed, receive, names } = startFeed(added('a'), BOOKMARK);
    feed.lose('refused');
    receive(added('b'), BOOKMARK);
    vi.advanceTimersByTime(100);
    expect(names()).toBe('a b');
  });

  test('A new subscription forgets pools that were deleted while nobody listened.', () => {
    const { feed, receive, names } = startFeed(added('a'), added('b'), BOOKMARK);
    feed.lose('refused');
    feed.begin();
    receive(added('b'), BOOKMARK);
    expect(names()).toBe('b');
  });
});

describe('The connection of the feed', () => {
  test('The first event makes it live.', () => {
    const { store, receive } = startFeed();
    expect(store.get().connection.state).toBe('connecting');
    receive(added('a'));
    expect(store.get().connection).toEqual({ state: 'live' });
  });

  test('A lost connection keeps the pools and the time of the first loss, with the reason of the last attempt.', () => {
    const { store, feed, names } = startFeed(added('a'), BOOKMARK);
    vi.setSystemTime(1_000);
    feed.lose('reset');
    vi.setSystemTime(9_000);
    feed.lose('refused');
    expect(store.get().connection).toEqual({ state: 'lost', sinceMs: 1_000, error: 'refused' });
    expect(names()).toBe('a');
  });

  test('A connection that is back is live, and its next loss has a time of its own.', () => {
    const { store, feed } = startFeed();
    vi.setSystemTime(1_000);
    feed.lose('refused');
    feed.connect();
    expect(store.get().connection).toEqual({ state: 'live' });
    vi.setSystemTime(5_000);
    feed.lose('refused');
    expect(store.get().connection).toMatchObject({ sinceMs: 5_000 });
  });

  test('Events of a live connection do not change it.', () => {
    const { store, receive } = startFeed(added('a'));
    const { connection } = store.get();
    receive(added('b'));
    expect(store.get().connection).toBe(connection);
  });
});
