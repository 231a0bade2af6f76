// Decisions across a change of the leader, and writes whose response is lost.
import { expect, test } from 'vitest';
import { FakeClock } from '../../../support/fake-clock.ts';
import { storedPool } from '../../../support/pools.ts';
import { decision, expectGrowing, listed, startJournals } from './journals.ts';
import { runUntil } from './object-server.ts';

test('A new leader continues the stored decisions with ids that grow, even if its clock is an hour behind', async () => {
  const { api, clock, open, openSynced, written, storedIn } = await startJournals(['a']);
  clock.moveTo(clock.now() + 3_600_000);
  const first = open();
  for (const sentence of ['one', 'two']) await first.add('a', decision(sentence));
  await written(1);
  const late = new FakeClock();
  const second = await openSynced({ clock: late });
  await second.add('a', decision('three'));
  await second.add('a', decision('four'));
  await runUntil(late, api, () => api.writes.length === 2);
  expect(storedIn('a').map(({ sentence }) => sentence)).toEqual(['four', 'three', 'two', 'one']);
  expectGrowing(storedIn('a'));
});

test('A new leader that does not know the stored decisions yet keeps them', async () => {
  const { api, clock, open, storedIn, written } = await startJournals(['a']);
  clock.moveTo(clock.now() + 3_600_000);
  await open().add('a', decision('one'));
  await written(1);
  api.script = (method, path) => (method === 'GET' && path.endsWith('/configmaps') ? 'silent' : undefined);
  const late = new FakeClock();
  await open({ clock: late }).add('a', decision('two'));
  await runUntil(late, api, () => api.writes.length === 3);
  expect(api.writes.map(({ method, status }) => [method, status])).toEqual([
    ['POST', 201],
    ['POST', 409],
    ['PUT', 200],
  ]);
  expect(storedIn('a').map(({ sentence }) => sentence)).toEqual(['two', 'one']);
  expectGrowing(storedIn('a'));
});

test("An earlier leader's late write is followed by one write of the new leader, whose decisions come first", async () => {
  const { api, clock, openSynced, stored, storedIn, written } = await startJournals(['a']);
  const [earlier, leader] = [await openSynced(), await openSynced()];
  await earlier.add('a', decision('one'));
  await written(1);
  await expect.poll(() => listed(leader, 'a')).toEqual(['one']);
  // Both write on the same version: the earlier leader's request is the first to arrive.
  await earlier.add('a', decision('late'));
  clock.moveTo(clock.now() + 500);
  await leader.add('a', decision('new'));
  clock.moveTo(clock.now());
  await written(3);
  await runUntil(clock, api, () => stored('a').includes('new'));
  expect(stored('a')).toEqual(['new', 'late', 'one']);
  expectGrowing(storedIn('a'));
  expect(api.writes.slice(1).map(({ status }) => status)).toEqual([200, 409, 200]);
  const { length } = api.writes;
  clock.moveTo(clock.now() + 10_000);
  await api.settle();
  expect(api.writes).toHaveLength(length);
  for (const journal of [earlier, leader])
    await expect.poll(() => listed(journal, 'a')).toEqual(['new', 'late', 'one']);
});

test('A server that is no longer the leader writes nothing, and drops what it has not written', async () => {
  const { api, clock, openSynced } = await startJournals(['a']);
  const state = { isLeader: true };
  const journal = await openSynced({ isLeader: () => state.isLeader });
  await journal.add('a', decision('one'));
  state.isLeader = false;
  clock.moveTo(clock.now() + 5_000);
  await api.settle();
  expect(api.writes).toEqual([]);
  expect(await listed(journal, 'a')).toEqual([]);
});

test('A write that was carried out although its response was lost stores each decision once', async () => {
  const { api, clock, openSynced, stored, storedIn } = await startJournals(['a']);
  const journal = await openSynced();
  api.script = (method) => (method === 'POST' ? 'lost' : undefined);
  await journal.add('a', decision('one'));
  await runUntil(clock, api, () => stored('a').length === 1);
  await journal.add('a', decision('two'));
  expect(await listed(journal, 'a')).toEqual(['two', 'one']);
  api.script = () => undefined;
  await runUntil(clock, api, () => stored('a').length === 2);
  expect(stored('a')).toEqual(['two', 'one']);
  expectGrowing(storedIn('a'));
  await expect.poll(() => journal.problems()).toEqual([]);
  expect(await journal.list(storedPool('a'), 500)).toEqual(storedIn('a'));
});
