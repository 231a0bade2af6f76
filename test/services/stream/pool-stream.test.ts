// The stream of pools: what each reader is told, wherever it begins.
import { describe, expect, test } from 'vitest';
import { STREAMS_MAX } from '../../../src/contract/limits.ts';
import { openStream, relabelled, specification } from './open-stream.ts';
import { StreamClient } from './stream-client.ts';

const withPools = async (names: readonly string[], options = {}) => {
  const opened = openStream(options);
  for (const name of names) await opened.store.create(name, specification());
  await opened.settle();
  const connect = async (selectors = {}, lastEventId?: string) => {
    const client = new StreamClient(opened.stream, selectors);
    client.lastEventId = lastEventId;
    await client.connect();
    return client;
  };
  return { ...opened, connect };
};

describe('a new reader', () => {
  test('is told the present state in the order of names, a bookmark, then every change', async () => {
    const { store, settle, connect } = await withPools(['b', 'a']);
    const client = await connect();
    client.receive();
    await store.create('c', specification());
    await settle();
    client.receive();
    await store.update('a', () => relabelled({ x: 'y' }));
    await store.delete('b', () => undefined);
    await settle();
    client.receive();
    expect(client.told).toEqual(['added a', 'added b', 'bookmark', 'added c', 'modified a', 'deleted b']);
  });

  test('of an empty server is told a bookmark', async () => {
    const { connect } = await withPools([]);
    const client = await connect();
    expect([client.receive(), client.told]).toEqual([true, ['bookmark']]);
  });

  test('that is slow is told the newest state of each pool, and nothing of pools that came and went', async () => {
    const { store, settle, connect } = await withPools(['a']);
    const client = await connect();
    client.receive();
    for (let round = 0; round < 50; round++) await store.update('a', () => relabelled({ round: String(round) }));
    await store.create('b', specification());
    await store.create('c', specification());
    await store.delete('b', () => undefined);
    await settle();
    client.receive();
    expect(client.told.slice(2)).toEqual(['modified a', 'added c']);
    const { name, uid, resourceVersion } = await store.get('a');
    expect(client.known.get(`${name} ${uid}`)).toBe(resourceVersion);
  });

  test('knows every pool also when pools change while the state is told', async () => {
    const names = Array.from({ length: 600 }, (_, index) => `p${String(index).padStart(3, '0')}`);
    const { store, settle, connect } = await withPools(names);
    const client = await connect();
    client.receive(300);
    await store.delete('p010', () => undefined);
    await store.delete('p590', () => undefined);
    await store.update('p020', () => relabelled({ x: 'y' }));
    await store.create('p020-new', specification());
    await store.create('p595-new', specification());
    await settle();
    client.receive();
    expect(client.told.at(-1)).toBe('bookmark');
    expect([...client.known.keys()].sort()).toEqual(
      (await store.list()).map(({ name, uid }) => `${name} ${uid}`).sort(),
    );
  });
});

describe('selectors', () => {
  test('a pool that begins to fit is added, one that stops is deleted, others are not told of', async () => {
    const { store, settle, connect } = await withPools(['a', 'b']);
    const client = await connect({ labelSelector: 'team=x' });
    client.receive();
    for (const team of ['x', 'x', 'y', 'y']) {
      await store.update('a', () => relabelled({ team, at: String(Math.random()) }));
      await settle();
      client.receive();
    }
    expect(client.told).toEqual(['bookmark', 'added a', 'modified a', 'deleted a']);
  });

  test('name and namePrefix narrow it', async () => {
    const { connect } = await withPools(['a', 'a-b', 'b']);
    const one = await connect({ name: 'a' });
    const some = await connect({ namePrefix: 'a' });
    one.receive();
    some.receive();
    expect([one.told, some.told]).toEqual([
      ['added a', 'bookmark'],
      ['added a', 'added a-b', 'bookmark'],
    ]);
  });
});

describe('a reader that comes back', () => {
  test('is told what changed since and a bookmark, not what did not', async () => {
    const { store, settle, connect } = await withPools(['a', 'b']);
    const client = await connect();
    client.receive();
    client.cut();
    await store.update('b', () => relabelled({ x: 'y' }));
    await store.delete('a', () => undefined);
    await settle();
    await client.connect();
    client.receive();
    expect(client.told.slice(3)).toEqual(['modified b', 'deleted a', 'bookmark']);
  });

  test.each([
    ['an unknown id', () => 'nonsense'],
    ['an id of another process', (id: string) => id.replace(/^[0-9a-f]+/, 'abcdef')],
    ['an id of other selectors', (id: string) => id.replace(/[0-9a-f]+$/, '01234567')],
    ['an id of the future', (id: string) => id.replace(/\.\d+\./, '.99.')],
  ])('with %s is reset and told the whole state', async (_what, garble) => {
    const { connect } = await withPools(['a']);
    const first = await connect();
    first.receive();
    const client = await connect({}, garble(first.lastEventId ?? ''));
    client.receive();
    expect(client.told).toEqual(['reset', 'added a', 'bookmark']);
  });

  test('after more changes than are remembered is reset', async () => {
    const { store, settle, connect } = await withPools(['a'], { rememberedChanges: 5 });
    const client = await connect();
    client.receive();
    client.cut();
    for (let round = 0; round < 20; round++) {
      await store.update('a', () => relabelled({ round: String(round) }));
      await settle();
    }
    await client.connect();
    client.receive();
    expect(client.told.slice(2)).toEqual(['reset', 'added a', 'bookmark']);
  });

  test('that was too slow for what is remembered is reset on its open stream', async () => {
    const { store, settle, connect } = await withPools(['a'], { rememberedChanges: 5 });
    const client = await connect();
    client.receive();
    for (let round = 0; round < 20; round++) {
      await store.update('a', () => relabelled({ round: String(round) }));
      await settle();
    }
    client.receive();
    expect(client.told.slice(2)).toEqual(['reset', 'added a', 'bookmark']);
  });

  test('is told that a pool is gone which it was told of beyond the point where it goes on', async () => {
    const { store, settle, connect } = await withPools(['a', 'b']);
    const label = async (name: string, team: string) => {
      await store.update(name, () => relabelled({ team, at: String(Math.random()) }));
      await settle();
    };
    await label('a', 'y');
    await label('b', 'x');
    const client = await connect({ labelSelector: 'team=x' });
    client.receive();
    await label('a', 'y');
    await label('b', 'x');
    await label('a', 'x');
    client.receive(1);
    expect(client.told.at(-1)).toBe('added a');
    client.cut();
    await label('a', 'y');
    await client.connect();
    client.receive();
    expect(client.told.slice(-3)).toEqual(['modified b', 'deleted a', 'bookmark']);
  });

  test('cut off at any event of the initial state knows every pool afterwards', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `p${String(index).padStart(2, '0')}`);
    for (let received = 0; received <= names.length + 1; received++) {
      const { store, settle, connect } = await withPools(names);
      const client = await connect();
      client.receive(received);
      client.cut();
      await store.delete('p00', () => undefined);
      await settle();
      await client.connect();
      client.receive();
      expect([...client.known.keys()].map((key) => key.slice(0, 3))).toEqual(names.slice(1));
    }
  });
});

describe('the stream', () => {
  test('wakes readers with news and with heartbeats, whose id is the newest change', async () => {
    const { store, stream, clock, settle } = await withPools(['a']);
    const reader = await stream.open({ name: 'other' });
    reader.take();
    const first = reader.resumeId;
    clock.moveTo(clock.now() + 15_000);
    expect(await reader.wait()).toBe('heartbeat');
    await store.update('a', () => relabelled({ x: 'y' }));
    await settle();
    expect([await reader.wait(), reader.take()]).toEqual(['news', undefined]);
    expect(reader.resumeId).not.toBe(first);
    expect(reader.bookmark()).toMatchObject({ id: reader.resumeId, event: { type: 'bookmark' } });
  });

  test('has no id to resume from while the initial state is not complete', async () => {
    const { stream } = await withPools(['a']);
    const reader = await stream.open({});
    expect(reader.resumeId).toBeUndefined();
  });

  test('refuses readers beyond its limit, and takes one when one is gone', async () => {
    const { stream } = await withPools([]);
    const readers = await Promise.all(Array.from({ length: STREAMS_MAX }, () => stream.open({})));
    await expect(stream.open({})).rejects.toMatchObject({ code: 'SERVER::BUSY', retryAfterSeconds: 10 });
    readers[0]?.close();
    readers[0]?.close();
    await stream.open({});
    expect(stream.readerCount).toBe(STREAMS_MAX);
  });

  test('ends every reader when it closes, and takes no new one', async () => {
    const { stream } = await withPools([]);
    const reader = await stream.open({});
    reader.take();
    const waiting = reader.wait();
    await stream.close();
    expect([await waiting, await reader.wait()]).toEqual(['ended', 'ended']);
    await expect(stream.open({})).rejects.toMatchObject({ code: 'SERVER::SHUTTING_DOWN' });
  });

  test('tells each pool once, also when what changed fills many batches', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `p${index}`);
    const { store, settle, connect } = await withPools(names, { batchMax: { pools: 3, characters: 65_536 } });
    const client = await connect();
    client.receive();
    for (let round = 0; round < 5; round++)
      for (const name of names) {
        await store.update(name, () => relabelled({ round: String(round) }));
        await settle();
      }
    client.receive();
    expect(client.told.slice(11)).toEqual(names.map((name) => `modified ${name}`));
  });

  test('tells of a few large pools at a time', async () => {
    const { store, stream, settle } = await withPools([]);
    for (const name of ['a', 'b', 'c'])
      await store.create(name, { ...specification(), annotations: { note: 'x'.repeat(40_000) } });
    await settle();
    const reader = await stream.open({});
    expect([reader.take()?.length, reader.take()?.length]).toEqual([2, 1]);
  });

  test('tells readers at the same place the same batch', async () => {
    const { store, stream, settle } = await withPools(['a']);
    const [one, other] = [await stream.open({}), await stream.open({})];
    expect(one.take()).toBe(other.take());
    expect([one.take()?.length, other.take()?.length]).toEqual([1, 1]);
    await store.update('a', () => relabelled({ x: 'y' }));
    await settle();
    expect(one.take()).toBe(other.take());
  });
});
