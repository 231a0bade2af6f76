// The stream of pools: what each reader receives, wherever it starts.
import { describe, expect, test } from 'vitest';
import { STREAMS_MAX } from '../../../src/contract/limits.ts';
import { labelled, relabelled, startPoolStream } from './start-pool-stream.ts';
import { StreamClient } from './stream-client.ts';

const withPools = async (names: readonly string[], options = {}) => {
  const started = startPoolStream(options);
  for (const name of names) await started.store.create(name, labelled());
  await started.changesArrived();
  const connect = async (selectors = {}, lastEventId?: string) => {
    const client = new StreamClient(started.stream, selectors);
    client.lastEventId = lastEventId;
    await client.connect();
    return client;
  };
  return { ...started, connect };
};

describe('A new reader', () => {
  test('A new reader receives the current pools in the order of their names, a bookmark, then every change', async () => {
    const { store, changesArrived, connect } = await withPools(['b', 'a']);
    const client = await connect();
    client.receive();
    await store.create('c', labelled());
    await changesArrived();
    client.receive();
    await store.update('a', () => relabelled({ x: 'y' }));
    await store.delete('b', () => undefined);
    await changesArrived();
    client.receive();
    expect(client.received).toEqual(['added a', 'added b', 'bookmark', 'added c', 'modified a', 'deleted b']);
  });

  test('A new reader of an empty server receives a bookmark', async () => {
    const { connect } = await withPools([]);
    const client = await connect();
    client.receive();
    expect(client.received).toEqual(['bookmark']);
  });

  test('A slow reader receives the newest state of each pool, and nothing of pools created and deleted meanwhile', async () => {
    const { store, changesArrived, connect } = await withPools(['a']);
    const client = await connect();
    client.receive();
    for (let round = 0; round < 50; round++) await store.update('a', () => relabelled({ round: String(round) }));
    await store.create('b', labelled());
    await store.create('c', labelled());
    await store.delete('b', () => undefined);
    await changesArrived();
    client.receive();
    expect(client.received.slice(2)).toEqual(['modified a', 'added c']);
    const { name, uid, resourceVersion } = await store.get('a');
    expect(client.known.get(`${name} ${uid}`)).toBe(resourceVersion);
  });

  test('A reader has every pool although pools change while it receives the initial state', async () => {
    const names = Array.from({ length: 600 }, (_, index) => `p${String(index).padStart(3, '0')}`);
    const { store, changesArrived, connect } = await withPools(names);
    const client = await connect();
    client.receive(300);
    await store.delete('p010', () => undefined);
    await store.delete('p590', () => undefined);
    await store.update('p020', () => relabelled({ x: 'y' }));
    await store.create('p020-new', labelled());
    await store.create('p595-new', labelled());
    await changesArrived();
    client.receive();
    expect(client.received.at(-1)).toBe('bookmark');
    expect([...client.known.keys()].sort()).toEqual(
      (await store.list()).map(({ name, uid }) => `${name} ${uid}`).sort(),
    );
  });
});

describe('Selectors', () => {
  test('A pool that starts to match is added, one that stops matching is deleted, and others are not reported', async () => {
    const { store, changesArrived, connect } = await withPools(['a', 'b']);
    const client = await connect({ labelSelector: 'team=x' });
    client.receive();
    for (const team of ['x', 'x', 'y', 'y']) {
      await store.update('a', () => relabelled({ team, at: String(Math.random()) }));
      await changesArrived();
      client.receive();
    }
    expect(client.received).toEqual(['bookmark', 'added a', 'modified a', 'deleted a']);
  });

  test('The selectors name and namePrefix narrow the stream', async () => {
    const { connect } = await withPools(['a', 'a-b', 'b']);
    const one = await connect({ name: 'a' });
    const some = await connect({ namePrefix: 'a' });
    one.receive();
    some.receive();
    expect([one.received, some.received]).toEqual([
      ['added a', 'bookmark'],
      ['added a', 'added a-b', 'bookmark'],
    ]);
  });
});

describe('A reader that resumes', () => {
  test('A reader that resumes receives what has changed since and a bookmark, and nothing else', async () => {
    const { store, changesArrived, connect } = await withPools(['a', 'b']);
    const client = await connect();
    client.receive();
    client.disconnect();
    await store.update('b', () => relabelled({ x: 'y' }));
    await store.delete('a', () => undefined);
    await changesArrived();
    await client.connect();
    client.receive();
    expect(client.received.slice(3)).toEqual(['modified b', 'deleted a', 'bookmark']);
  });

  test.each([
    ['an unknown id', () => 'nonsense'],
    ['an id of another process', (id: string) => id.replace(/^[0-9a-f]+/, 'abcdef')],
    ['an id of other selectors', (id: string) => id.replace(/[0-9a-f]+$/, '01234567')],
    ['an id of the future', (id: string) => id.replace(/\.\d+\./, '.99.')],
  ])('A reader that resumes from %s is reset and receives every pool', async (_what, tamper) => {
    const { connect } = await withPools(['a']);
    const first = await connect();
    first.receive();
    const client = await connect({}, tamper(first.lastEventId ?? ''));
    client.receive();
    expect(client.received).toEqual(['reset', 'added a', 'bookmark']);
  });

  test('A reader that resumes after more changes than the log keeps is reset', async () => {
    const { store, changesArrived, connect } = await withPools(['a'], { rememberedChanges: 5 });
    const client = await connect();
    client.receive();
    client.disconnect();
    for (let round = 0; round < 20; round++) {
      await store.update('a', () => relabelled({ round: String(round) }));
      await changesArrived();
    }
    await client.connect();
    client.receive();
    expect(client.received.slice(2)).toEqual(['reset', 'added a', 'bookmark']);
  });

  test('A reader too slow for the log is reset on its open stream', async () => {
    const { store, changesArrived, connect } = await withPools(['a'], { rememberedChanges: 5 });
    const client = await connect();
    client.receive();
    for (let round = 0; round < 20; round++) {
      await store.update('a', () => relabelled({ round: String(round) }));
      await changesArrived();
    }
    client.receive();
    expect(client.received.slice(2)).toEqual(['reset', 'added a', 'bookmark']);
  });

  test('A reader receives the deletion of a pool that it received after the point where it resumes', async () => {
    const { store, changesArrived, connect } = await withPools(['a', 'b']);
    const label = async (name: string, team: string) => {
      await store.update(name, () => relabelled({ team, at: String(Math.random()) }));
      await changesArrived();
    };
    await label('a', 'y');
    await label('b', 'x');
    const client = await connect({ labelSelector: 'team=x' });
    client.receive();
    await label('a', 'y');
    await label('b', 'x');
    await label('a', 'x');
    client.receive(1);
    expect(client.received.at(-1)).toBe('added a');
    client.disconnect();
    await label('a', 'y');
    await client.connect();
    client.receive();
    expect(client.received.slice(-3)).toEqual(['modified b', 'deleted a', 'bookmark']);
  });

  test('A reader disconnected at any event of the initial state has every pool after it resumes', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `p${String(index).padStart(2, '0')}`);
    for (let received = 0; received <= names.length + 1; received++) {
      const { store, changesArrived, connect } = await withPools(names);
      const client = await connect();
      client.receive(received);
      client.disconnect();
      await store.delete('p00', () => undefined);
      await changesArrived();
      await client.connect();
      client.receive();
      expect([...client.known.keys()].map((key) => key.slice(0, 3))).toEqual(names.slice(1));
    }
  });
});

describe('A stream', () => {
  test('A stream wakes readers for news and heartbeats, and moves their bookmark to the newest change', async () => {
    const { store, stream, clock, changesArrived } = await withPools(['a']);
    const reader = await stream.open({ name: 'other' });
    reader.cursor.next();
    const first = reader.cursor.bookmark();
    clock.moveTo(clock.now() + 15_000);
    expect(await reader.wait()).toBe('heartbeat');
    await store.update('a', () => relabelled({ x: 'y' }));
    await changesArrived();
    expect([await reader.wait(), reader.cursor.next()]).toEqual(['news', undefined]);
    expect(first).toMatchObject({ event: { type: 'bookmark' } });
    expect(reader.cursor.bookmark()?.id).not.toBe(first?.id);
  });

  test('A reader has no bookmark until the initial state is complete', async () => {
    const { stream } = await withPools(['a']);
    const reader = await stream.open({});
    expect(reader.cursor.bookmark()).toBeUndefined();
  });

  test('A stream refuses readers beyond its limit, and accepts one when another is closed', async () => {
    const { stream } = await withPools([]);
    const readers = await Promise.all(Array.from({ length: STREAMS_MAX }, () => stream.open({})));
    await expect(stream.open({})).rejects.toMatchObject({ code: 'SERVER::BUSY', retryAfterSeconds: 10 });
    readers[0]?.close();
    readers[0]?.close();
    await stream.open({});
    expect(stream.readerCount).toBe(STREAMS_MAX);
  });

  test('A closed stream ends every reader and accepts no new one', async () => {
    const { stream } = await withPools([]);
    const reader = await stream.open({});
    reader.cursor.next();
    const waiting = reader.wait();
    await stream.close();
    expect([await waiting, await reader.wait()]).toEqual(['ended', 'ended']);
    await expect(stream.open({})).rejects.toMatchObject({ code: 'SERVER::SHUTTING_DOWN' });
  });

  test('Changes that fill many batches contain each pool once', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `p${index}`);
    const { store, changesArrived, connect } = await withPools(names, { batchMax: { pools: 3, characters: 65_536 } });
    const client = await connect();
    client.receive();
    for (let round = 0; round < 5; round++)
      for (const name of names) {
        await store.update(name, () => relabelled({ round: String(round) }));
        await changesArrived();
      }
    client.receive();
    expect(client.received.slice(11)).toEqual(names.map((name) => `modified ${name}`));
  });

  test('A batch has only a few large pools', async () => {
    const { store, stream, changesArrived } = await withPools([]);
    for (const name of ['a', 'b', 'c'])
      await store.create(name, { ...labelled(), annotations: { note: 'x'.repeat(40_000) } });
    await changesArrived();
    const reader = await stream.open({});
    expect([reader.cursor.next()?.length, reader.cursor.next()?.length]).toEqual([2, 1]);
  });

  test('Readers at the same position receive the same batch', async () => {
    const { store, stream, changesArrived } = await withPools(['a']);
    const [one, other] = [await stream.open({}), await stream.open({})];
    expect(one.cursor.next()).toBe(other.cursor.next());
    expect([one.cursor.next()?.length, other.cursor.next()?.length]).toEqual([1, 1]);
    await store.update('a', () => relabelled({ x: 'y' }));
    await changesArrived();
    expect(one.cursor.next()).toBe(other.cursor.next());
  });
});
