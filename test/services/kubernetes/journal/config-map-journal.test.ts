// Decisions in ConfigMaps: bounds, order, and what other servers read.
import { expect, test } from 'vitest';
import { storedPool } from '../../../support/pools.ts';
import { decision, expectGrowing, listed, startJournals } from './journals.ts';
import { forbidden } from './object-server.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

test('In any second at most two ConfigMaps are written, the pool that has waited longest first', async () => {
  const { api, clock, open, written } = await startJournals(NAMES);
  const journal = open();
  for (const name of NAMES) await journal.add(name, decision('first'));
  await written(2);
  // A pool that waits already keeps its place, and one that was written waits again after the others.
  for (const name of ['f', 'a']) await journal.add(name, decision('second'));
  await written(7);
  expect(api.writes.map(({ name }) => name.slice(-1))).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'a']);
  const times = api.writes.map(({ atMs }) => atMs);
  for (const [index, atMs] of times.slice(2).entries())
    expect(atMs - (times[index] ?? NaN)).toBeGreaterThanOrEqual(1_000);
  clock.moveTo(clock.now() + 10_000);
  await api.settle();
  expect(api.writes).toHaveLength(7);
});

test('The newest 100 decisions of a pool are kept, in memory and in its ConfigMap', async () => {
  const { open, written, stored } = await startJournals(['a']);
  const journal = open();
  for (let number = 1; number <= 120; number++) await journal.add('a', decision(`step ${number}`));
  const newest = Array.from({ length: 100 }, (_, index) => `step ${120 - index}`);
  expect(await listed(journal, 'a')).toEqual(newest);
  await written(1);
  expect(stored('a')).toEqual(newest);
  await journal.add('a', decision('step 121'));
  await written(2);
  expect(stored('a')).toEqual(['step 121', ...newest.slice(0, 99)]);
  expect(await listed(journal, 'a')).toEqual(stored('a'));
});

test('A ConfigMap has at most 60 kB of decisions, the newest ones', async () => {
  const { api, open, written, stored } = await startJournals(['a']);
  const journal = open();
  for (let number = 100; number < 200; number++) await journal.add('a', decision(`step ${number} ${'é'.repeat(900)}`));
  await written(1);
  const { data = {} } = api.get('configmaps', 'warmpool-decisions-a') ?? {};
  const bytes = Buffer.byteLength(Object.entries(data).flat().join(''));
  expect(bytes).toBeLessThanOrEqual(60_000);
  expect(bytes).toBeGreaterThan(55_000);
  const numbers = stored('a').map((sentence) => Number(sentence.split(' ')[1]));
  expect(numbers).toEqual(Array.from(numbers, (_, index) => 199 - index));
});

test('A decision that removes thousands of members is kept with 200 of their names, and its sentence says so', async () => {
  const { open, written, storedIn } = await startJournals(['a']);
  const journal = open();
  const remove = Array.from({ length: 5_000 }, (_, index) => `agents-${index}`);
  await journal.add('a', decision(`${'x'.repeat(2_000)}.`, { remove }));
  await written(1);
  const [stored] = storedIn('a');
  expect(stored?.remove).toEqual(remove.slice(0, 200));
  expect(stored?.sentence).toBe(`${'x'.repeat(999)}… The names of 4800 more removed members are left out.`);
});

test('A ConfigMap belongs to its pool, is deleted with it, and is found by the name of the pool', async () => {
  const { api, open, pools, written } = await startJournals(['a']);
  const longest = 'n'.repeat(253);
  pools.put({ ...storedPool(longest), uid: 'other' });
  const journal = open();
  await journal.add('a', decision('first'));
  await journal.add('other', decision('first'));
  await written(2);
  expect(api.get('configmaps', 'warmpool-decisions-a')?.metadata).toMatchObject({
    labels: { 'warmpool.dev/decisions': 'true', 'sandbox.opensandbox.io/pool-name': 'a' },
    ownerReferences: [{ apiVersion: 'sandbox.opensandbox.io/v1alpha1', kind: 'Pool', name: 'a', uid: 'a' }],
  });
  expect(api.get('configmaps', 'warmpool-decisions-other')?.metadata.labels).toEqual({
    'warmpool.dev/decisions': 'true',
  });
});

test('Other servers list the stored decisions, the leader also those that it has not written yet', async () => {
  const { open, openSynced, written } = await startJournals(['a']);
  const [leader, other] = [open(), await openSynced({ isLeader: () => false })];
  await leader.add('a', decision('first'));
  await written(1);
  await expect.poll(() => listed(other, 'a')).toEqual(['first']);
  await leader.add('a', decision('second', { reasons: [{ code: 'AtRest', message: 'Nothing to do.' }] }));
  expect(await listed(leader, 'a')).toEqual(['second', 'first']);
  expect(await listed(other, 'a')).toEqual(['first']);
  expect(await leader.lastReasonCodes('a')).toEqual(['AtRest']);
  expect(await other.lastReasonCodes('a')).toEqual(['BufferMin']);
  expect(other.last('a')).toEqual({ at: '2026-01-01T00:00:00.000Z', sentence: 'first', reasons: ['BufferMin'] });
  await written(2);
  await expect.poll(() => listed(other, 'a')).toEqual(['second', 'first']);
  expectGrowing(await other.list(storedPool('a'), 500));
  expect(await other.list(storedPool('a'), 1)).toHaveLength(1);
});

test('A pool that is created again under the same name has no decisions', async () => {
  const { open, pools, written } = await startJournals(['a']);
  const journal = open();
  await journal.add('a', decision('first'));
  await written(1);
  const again = { ...storedPool('a'), uid: 'again' };
  pools.put(again);
  journal.forget('a');
  expect(await journal.list(again, 500)).toEqual([]);
  expect(journal.last('again')).toBeUndefined();
  expect(await journal.lastReasonCodes('again')).toBeUndefined();
});

test('Decisions on a pool that is deleted are neither kept nor written', async () => {
  const { api, clock, open, pools } = await startJournals(['a', 'b']);
  const journal = open();
  await journal.add('unknown', decision('first'));
  for (const name of ['a', 'b']) await journal.add(name, decision('first'));
  pools.remove(storedPool('a'));
  journal.forget('b');
  clock.moveTo(clock.now() + 5_000);
  await api.settle();
  expect(api.writes).toEqual([]);
  expect(await listed(journal, 'b')).toEqual([]);
});

test.each([
  ['has lines that are not decisions', { decisions: 'not JSON\n{"id":"1"}\n[]\nnull\n' }],
  ['has other data', { other: 'x' }],
  ['has no data', undefined],
])('A ConfigMap that %s is shown as no decisions, and replaced by the next write', async (_what, data) => {
  const { api, openSynced, stored, written } = await startJournals(['a']);
  const labels = { 'warmpool.dev/decisions': 'true' };
  api.put('configmaps', { metadata: { name: 'warmpool-decisions-a', labels }, ...(data && { data }) });
  const journal = await openSynced();
  expect(await listed(journal, 'a')).toEqual([]);
  expect(journal.last('a')).toBeUndefined();
  await journal.add('a', decision('first'));
  await written(1);
  expect(stored('a')).toEqual(['first']);
  expect(Object.keys(api.get('configmaps', 'warmpool-decisions-a')?.data ?? {})).toEqual(['decisions']);
});

test('A ConfigMap that somebody deletes is created again with the next decision', async () => {
  const { api, openSynced, stored, written } = await startJournals(['a']);
  const journal = await openSynced();
  await journal.add('a', decision('first'));
  await written(1);
  api.delete('configmaps', 'warmpool-decisions-a');
  await expect.poll(() => listed(journal, 'a')).toEqual([]);
  await journal.add('a', decision('second'));
  await written(2);
  expect(stored('a')).toEqual(['second']);
});

test('A journal that closes writes what waits at once', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `pool-${index}`);
  const { api, open, stored } = await startJournals(names);
  const journal = open();
  for (const name of names) await journal.add(name, decision('last'));
  await journal.close();
  expect(api.writes).toHaveLength(30);
  expect(names.every((name) => stored(name)[0] === 'last')).toBe(true);
});

test('A journal that closes tries a write that is refused once', async () => {
  const { api, open } = await startJournals(NAMES);
  const journal = open();
  for (const name of NAMES) await journal.add(name, decision('last'));
  api.script = (method) => (method === 'POST' ? forbidden('create', 'configmaps') : undefined);
  await journal.close();
  expect(api.writes).toHaveLength(NAMES.length);
});

test('A journal closes within 3 seconds if the API server does not respond', async () => {
  const { api, clock, open } = await startJournals(NAMES);
  const journal = open();
  for (const name of NAMES) await journal.add(name, decision('last'));
  api.script = (method) => (method === 'POST' ? 'silent' : undefined);
  clock.moveTo(clock.now());
  const closed = journal.close();
  await api.settle();
  clock.moveTo(clock.now() + 3_000);
  await closed;
});

test('Without the permission to write, decisions stay in memory and are tried again after growing pauses', async () => {
  const { api, clock, openSynced, stored, written } = await startJournals(['a', 'b']);
  const journal = await openSynced();
  api.script = (method) => (method === 'POST' ? forbidden('create', 'configmaps') : undefined);
  await journal.add('a', decision('first'));
  await written(6);
  await api.settle();
  expect(journal.problems()).toEqual([
    'Decisions are not stored: User "warmpool" cannot create resource "configmaps" in API group "" in the namespace "n"',
  ]);
  const times = api.writes.map(({ atMs }) => atMs);
  const pauses = times.slice(1).map((atMs, index) => atMs - (times[index] ?? NaN));
  for (const [index, pauseMs] of pauses.entries()) expect(pauseMs).toBeGreaterThanOrEqual(750 * 2 ** index);
  await journal.add('b', decision('second'));
  expect([await listed(journal, 'a'), await listed(journal, 'b')]).toEqual([['first'], ['second']]);
  api.script = () => undefined;
  clock.moveTo(clock.now() + 30_000);
  await written(8);
  await api.settle();
  expect([stored('a'), stored('b')]).toEqual([['first'], ['second']]);
  expect(journal.problems()).toEqual([]);
});

test('A server that may not list ConfigMaps refuses reads with the reason, and the leader reads from its memory', async () => {
  const { api, open } = await startJournals(['a', 'b']);
  api.script = (method) => (method === 'GET' ? forbidden('list', 'configmaps') : undefined);
  const journal = open();
  await expect
    .poll(() => journal.problems())
    .toMatchObject([expect.stringContaining('cannot list resource "configmaps"')]);
  await expect(journal.list(storedPool('a'), 10)).rejects.toMatchObject({ code: 'KUBERNETES::FORBIDDEN' });
  await journal.add('a', decision('first'));
  expect(await listed(journal, 'a')).toEqual(['first']);
});

test('A server that rate-limits requests is not called again before its Retry-After', async () => {
  const { api, open, written } = await startJournals(['a']);
  const journal = open();
  api.script = (method) => (method === 'POST' ? { status: 429, retryAfter: '20' } : undefined);
  await journal.add('a', decision('first'));
  await written(2);
  const [one, other] = api.writes;
  expect((other?.atMs ?? NaN) - (one?.atMs ?? NaN)).toBeGreaterThanOrEqual(20_000);
});
