// What is sampled of a pool, and what a history shows of it.
import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { encodeMatrix } from '../../../src/services/history/matrix-codec.ts';
import { WIDTH } from '../../../src/services/history/samples.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { temporaryFolder } from '../../support/test-server.ts';
import { startHistory } from './start-history.ts';

const HOUR_MS = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

test('Every 10 seconds, a sample has the counts of the pool, at the start of the interval that it ends', async () => {
  const { readyPool, advance, points } = await startHistory();
  await readyPool('a', 2);
  await advance(10_000);
  const sampled = await points('a', ['desired', 'available', 'allocated', 'starting', 'unmet', 'claims', 'waitP95Ms']);
  expect(sampled.at(-1)).toEqual([10, 2, 2, 0, 0, 0, 0, null]);
  expect(sampled.map(([secondsAgo]) => secondsAgo)).toEqual([30, 20, 10]);
});

test('Claims and their waits are counted in the interval in which they were bound', async () => {
  const { readyPool, claim, advance, points } = await startHistory();
  await readyPool('a', 2);
  await claim('a');
  await advance(10_000);
  await claim('a');
  await advance(10_000);
  await advance(10_000);
  expect(await points('a', ['allocated', 'available', 'claims', 'misses', 'waitP95Ms'])).toEqual([
    [50, 0, 2, 0, 0, null],
    [40, 0, 2, 0, 0, null],
    [30, 1, 1, 1, 0, 0],
    [20, 2, 0, 1, 0, 0],
    [10, 2, 0, 0, 0, null],
  ]);
});

test('A request that finds no free member is a miss in the interval in which it is bound or refused', async () => {
  const { readyPool, claim, claimService, advance, points } = await startHistory();
  await readyPool('a', 1);
  const { id } = await claim('a');
  await expect(claim('a')).rejects.toMatchObject({ code: 'KUBERNETES::POOL_CAPACITY_EXHAUSTED' });
  const waiting = claim('a', { waitSeconds: 30 });
  await advance(10_000);
  await advance(4_000);
  await claimService().release(id);
  await waiting;
  await advance(6_000);
  expect(await points('a', ['claims', 'misses', 'unmet', 'waitP95Ms'])).toEqual([
    [40, 0, 0, 0, null],
    [30, 0, 0, 0, null],
    [20, 1, 1, 1, 0],
    [10, 1, 1, 0, 14_000],
  ]);
});

test('A request that fails for another reason than a missing member is not a miss', async () => {
  const { readyPool, claim, advance, points } = await startHistory();
  await readyPool('a', 1);
  await expect(claim('missing')).rejects.toMatchObject({ code: 'KUBERNETES::POOL_NOT_FOUND' });
  await advance(10_000);
  expect((await points('a', ['claims', 'misses'])).at(-1)).toEqual([10, 0, 0]);
});

test('A point of a longer step has the maximum or minimum of its counts and the sum of its claims', async () => {
  const { readyPool, claim, claimService, advance, columns } = await startHistory();
  await readyPool('a', 3);
  await advance(30_000);
  const first = await claim('a');
  await advance(10_000);
  await claim('a');
  await claimService().release(first.id);
  await advance(10_000);
  const { time, available, allocated, claims } = await columns('a', { step: 60 });
  const last = time.length - 2;
  expect([available[last], allocated[last], claims[last]]).toEqual([2, 1, 1]);
  expect([available[last + 1], allocated[last + 1], claims[last + 1]]).toEqual([2, 1, 1]);
});

test('A stopped server leaves a gap, and what was sampled before and after it stays', async () => {
  const clock = new FakeClock();
  const folder = temporaryFolder();
  const first = await startHistory({ clock, folder });
  await first.readyPool('a', 1);
  await first.stop();
  clock.moveTo(clock.now() + 65_000);
  const second = await startHistory({ clock, folder });
  await second.advance(15_000);
  expect((await second.points('a', ['available'])).map(([secondsAgo]) => secondsAgo)).toEqual([100, 90, 20, 10]);
  const { available } = await second.columns('a');
  expect(available.slice(-9)).toEqual([1, null, null, null, null, null, null, 1, 1]);
});

test('After kill -9, at most the last interval is missing', async () => {
  const clock = new FakeClock();
  const folder = temporaryFolder();
  const first = await startHistory({ clock, folder });
  await first.readyPool('a', 1);
  await first.advance(27_000);
  // The files as a killed process leaves them.
  const killed = temporaryFolder();
  for (const file of ['warmpool.db', 'warmpool.db-wal'])
    if (existsSync(path.join(folder, file))) copyFileSync(path.join(folder, file), path.join(killed, file));
  const second = await startHistory({ clock, folder: killed });
  expect(await second.points('a', ['available'])).toEqual(await first.points('a', ['available']));
  expect((await second.points('a', ['available'])).at(-1)).toEqual([17, 1]);
});

test(
  'Samples are the same before and after they are compacted, across a restart in between',
  { timeout: 60_000 },
  async () => {
    const clock = new FakeClock();
    const folder = temporaryFolder();
    const first = await startHistory({ clock, folder });
    await first.readyPool('a', 2);
    await first.readyPool('b', 1);
    await first.advance(50 * 60_000);
    const from = iso(clock.now() - HOUR_MS);
    const to = iso(clock.now() - 10 * 60_000);
    const before = await first.columns('a', { from, to, step: 10 });
    expect(before.available.filter((value) => value !== null)).toHaveLength(244);
    await first.stop();
    const second = await startHistory({ clock, folder });
    expect(await second.columns('a', { from, to, step: 10 })).toEqual(before);
    await second.advance(80 * 60_000);
    expect(await second.columns('a', { from, to, step: 10 })).toEqual(before);
    await second.stop();
    const database = new DatabaseSync(path.join(folder, 'warmpool.db'));
    expect(database.prepare('SELECT count(*) AS count FROM history_samples').get()?.count).toBeGreaterThanOrEqual(4);
    expect(Number(database.prepare('SELECT count(*) AS count FROM history_ticks').get()?.count)).toBeLessThan(360);
    database.close();
  },
);

test('Samples of 10 seconds are kept for a day, and samples of 5 minutes for longer', { timeout: 60_000 }, async () => {
  const clock = new FakeClock();
  const folder = temporaryFolder();
  const first = await startHistory({ clock, folder });
  await first.readyPool('a', 2);
  await first.advance(20 * 60_000);
  const sampledUntil = clock.now();
  await first.stop();
  clock.moveTo(clock.now() + 3 * 24 * HOUR_MS);
  const second = await startHistory({ clock, folder });
  await second.advance(20_000);
  const range = { from: iso(sampledUntil - 15 * 60_000), to: iso(sampledUntil), step: 10 };
  const { stepSeconds, columns } = await second.history.read('a', range);
  expect(stepSeconds).toBe(300);
  expect(columns.available).toEqual([2, 2, 2, 2]);
  await second.stop();
  const database = new DatabaseSync(path.join(folder, 'warmpool.db'));
  expect(database.prepare('SELECT count(*) AS count FROM history_samples').get()).toEqual({ count: 0 });
  expect(database.prepare('SELECT count(*) AS count FROM history_coarse_samples').get()).toEqual({ count: 1 });
  database.close();
});

test('A pool that is recreated under its name has no history, and that of the deleted one is removed', async () => {
  const clock = new FakeClock();
  const folder = temporaryFolder();
  const { readyPool, pools, advance, points, stop } = await startHistory({ clock, folder });
  await readyPool('a', 2);
  await pools.delete('a');
  await readyPool('a', 1);
  expect(await points('a', ['available'])).toEqual([
    [20, 1],
    [10, 1],
  ]);
  await advance(20_000);
  await stop();
  const database = new DatabaseSync(path.join(folder, 'warmpool.db'));
  expect(database.prepare('SELECT count(*) AS count FROM history_pools').get()).toEqual({ count: 1 });
  database.close();
});

test(
  'Stored samples that cannot be read are a gap with one warning, and the server starts',
  { timeout: 60_000 },
  async () => {
    const clock = new FakeClock();
    const folder = temporaryFolder();
    const first = await startHistory({ clock, folder });
    await first.readyPool('a', 1);
    await first.advance(100 * 60_000);
    await first.stop();
    const database = new DatabaseSync(path.join(folder, 'warmpool.db'));
    database.exec(`UPDATE history_samples SET samples = x'0102'; UPDATE history_coarse_samples SET samples = x'09'`);
    database.exec(`UPDATE history_ticks SET samples = x'' WHERE at % 20 = 0`);
    database.close();
    const second = await startHistory({ clock, folder });
    expect(second.unreadable).toHaveLength(1);
    const from = iso(clock.now() - 2 * HOUR_MS);
    const sampled = await second.points('a', ['available'], { from, step: 10 });
    expect(sampled.length).toBeGreaterThan(100);
    expect(sampled.length).toBeLessThan(240);
    expect(second.unreadable).toHaveLength(1);
    await second.advance(60 * 60_000);
    expect((await second.points('a', ['available'])).length).toBe(180);
  },
);

test('A clock that is set back samples no interval twice, and counts claims in the next new one', async () => {
  const folder = temporaryFolder();
  const first = await startHistory({ folder });
  await first.readyPool('a', 1);
  await first.advance(40_000);
  const before = await first.columns('a');
  await first.stop();
  // Its clock begins where that of the first one began.
  const second = await startHistory({ folder });
  await second.claim('a');
  await second.advance(60_000);
  expect(await second.columns('a')).toEqual(before);
  await second.advance(20_000);
  expect((await second.points('a', ['allocated', 'claims'])).slice(-3)).toEqual([
    [30, 0, 0],
    [20, 1, 1],
    [10, 1, 0],
  ]);
});

test.each([
  ['the years 1 to 9999', { from: '0001-01-01T00:00:00Z', to: '9999-12-31T23:59:59Z' }],
  ['year 1 until now', { from: '0001-01-01T00:00:00Z' }],
  ['now until the year 9999', { from: '2025-12-31T23:59:00Z', to: '9999-12-31T23:59:59Z' }],
])('A history of %s looks up no more chunks than can be kept, and has a null point where none is', async (_, range) => {
  const { readyPool, advance, history, ports } = await startHistory();
  await readyPool('a', 2);
  await advance(300_000);
  const getChunk = vi.spyOn(ports.history.samples, 'getChunk');
  const { columns } = await history.read('a', range);
  // 30 days of chunks of 6 hours; the oldest one may have begun earlier, and the newest one has not ended.
  expect(getChunk.mock.calls.length).toBeLessThanOrEqual(4 * 30 + 3);
  expect(columns.time.length).toBeLessThanOrEqual(500);
  expect(columns.available.filter((value) => value !== null)).toEqual([2]);
});

test.each([
  ['ancient', { from: '0001-01-01T00:00:00Z', to: '0002-01-01T00:00:00Z' }],
  ['far-future', { from: '9998-01-01T00:00:00Z', to: '9999-01-01T00:00:00Z' }],
])('A history of an %s year has null points and looks up no chunk', async (_, range) => {
  const { readyPool, history, ports } = await startHistory();
  await readyPool('a', 2);
  const getChunk = vi.spyOn(ports.history.samples, 'getChunk');
  const { columns } = await history.read('a', range);
  expect(getChunk).not.toHaveBeenCalled();
  expect(new Set(columns.available)).toEqual(new Set([null]));
  await expect(history.read('a', { ...range, step: 300 })).rejects.toMatchObject({ code: 'REQUEST::INVALID' });
});

test('Ten long histories at once are read in many turns of the event loop', async () => {
  const { readyPool, history, ports, pools, clock } = await startHistory();
  await readyPool('a', 2);
  const pool = ports.history.samples.numberOf((await pools.get('a')).uid);
  const block = Math.floor(clock.now() / 6 / HOUR_MS) * 6 * 3_600;
  const bytes = encodeMatrix(new Int32Array(72 * WIDTH), WIDTH);
  await ports.history.samples.putChunks(
    Array.from({ length: 60 }, (_, index) => ({
      resolution: 'coarse',
      start: block - (index + 1) * 21_600,
      pool,
      bytes,
    })),
  );
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const from = iso(clock.now() - 30 * 24 * HOUR_MS);
  await Promise.all(Array.from({ length: 10 }, () => history.read('a', { from })));
  isDone = true;
  expect(turns).toBeGreaterThanOrEqual(20);
});
