// Events on pools: aggregation, bounds, and what a missing permission does.
import { expect, onTestFinished, test } from 'vitest';
import { PoolEvents } from '../../../../src/services/kubernetes/journal/pool-events.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { forbidden, ObjectServer, runUntil } from './object-server.ts';

const POOL = { uid: 'u', name: 'agents' };

const start = async () => {
  const clock = new FakeClock();
  const api = await ObjectServer.start(clock);
  const events = new PoolEvents({ connection: api.connect(), namespace: 'default', clock });
  onTestFinished(async () => {
    const closed = events.close();
    clock.moveTo(clock.now() + 1_000);
    await closed;
  });
  const written = (writes: number) => runUntil(clock, api, () => api.writes.length >= writes);
  const stored = () => api.objects('events').map(({ reason, message, count }) => [reason, message, count]);
  const pass = (minutes: number) => {
    clock.moveTo(clock.now() + minutes * 60_000);
  };
  return { api, clock, events, written, stored, pass };
};

test('Each reason is an Event on the pool with the type that Kubernetes gives such events', async () => {
  const { api, events, written } = await start();
  events.membersCreated(POOL, 1);
  events.membersRemoved(POOL, 2);
  events.startsFailed(POOL, 'The quota of pods is used up.');
  events.contested(POOL, 'Another controller acts on this pool.');
  events.stuckTerminating(POOL, 'agents-1 does not end.');
  events.claimLost(POOL, 'The pod agents-2 was evicted.');
  expect(api.writes).toEqual([]);
  await written(6);
  expect(api.objects('events').map(({ reason, type, message }) => [reason, type, message])).toEqual([
    ['MembersCreated', 'Normal', 'Started 1 member.'],
    ['MembersRemoved', 'Normal', 'Stopped 2 members.'],
    ['StartsFailed', 'Warning', 'The quota of pods is used up.'],
    ['Contested', 'Warning', 'Another controller acts on this pool.'],
    ['StuckTerminating', 'Warning', 'agents-1 does not end.'],
    ['ClaimLost', 'Warning', 'The pod agents-2 was evicted.'],
  ]);
  expect(api.objects('events')[0]).toMatchObject({
    involvedObject: { kind: 'Pool', name: 'agents', uid: 'u', namespace: 'default' },
    reportingComponent: 'warmpool',
    source: { component: 'warmpool' },
    count: 1,
    firstTimestamp: '2026-01-01T00:00:00.000Z',
    lastTimestamp: '2026-01-01T00:00:00.000Z',
  });
});

test('A repetition within 10 minutes changes count, time and message of the same Event; a later one is another Event', async () => {
  const { api, events, written, stored, pass } = await start();
  events.membersCreated(POOL, 3);
  await written(1);
  pass(9);
  events.membersCreated(POOL, 4);
  await written(2);
  pass(9);
  events.membersCreated(POOL, 5);
  await written(3);
  expect(api.writes.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH']);
  expect(stored()).toEqual([['MembersCreated', 'Started 12 members.', 3]]);
  pass(11);
  events.membersCreated(POOL, 1);
  await written(4);
  expect(stored()).toEqual([
    ['MembersCreated', 'Started 12 members.', 3],
    ['MembersCreated', 'Started 1 member.', 1],
  ]);
});

test('Repetitions that wait are written once, with the newest message', async () => {
  const { api, events, written, stored } = await start();
  for (let number = 1; number <= 100; number++) events.startsFailed(POOL, `Failure ${number}.`);
  events.startsFailed({ uid: 'other', name: 'other' }, 'Failure.');
  await written(2);
  expect(stored()).toEqual([
    ['StartsFailed', 'Failure 100.', 100],
    ['StartsFailed', 'Failure.', 1],
  ]);
  expect(api.writes).toHaveLength(2);
});

test('In any second at most five Events are written', async () => {
  const { api, events, written } = await start();
  for (let number = 0; number < 20; number++) events.membersCreated({ uid: `u${number}`, name: `pool-${number}` }, 1);
  await written(20);
  const times = api.writes.map(({ atMs }) => atMs);
  for (const [index, atMs] of times.slice(5).entries())
    expect(atMs - (times[index] ?? NaN)).toBeGreaterThanOrEqual(1_000);
});

test('At most 1 000 Events wait: those that were repeated least recently are dropped', async () => {
  const { api, events } = await start();
  for (let number = 0; number < 1_100; number++)
    events.membersCreated({ uid: `u${number}`, name: `pool-${number}` }, 1);
  await events.close();
  const names = api.objects('events').map(({ involvedObject }) => involvedObject as { name: string });
  expect(names).toHaveLength(1_000);
  expect(names[0]?.name).toBe('pool-100');
});

test('An Event that was deleted meanwhile is created again', async () => {
  const { api, events, written, stored } = await start();
  events.membersCreated(POOL, 1);
  await written(1);
  api.delete('events', api.objects('events')[0]?.metadata.name ?? '');
  events.membersCreated(POOL, 1);
  await written(3);
  expect(stored()).toEqual([['MembersCreated', 'Started 2 members.', 2]]);
});

test('A create whose response was lost leaves one Event', async () => {
  const { api, clock, events, stored } = await start();
  api.script = (method) => (method === 'POST' && api.writes.length === 0 ? 'lost' : undefined);
  events.membersCreated(POOL, 1);
  await runUntil(clock, api, () => stored().length === 1);
  events.membersCreated(POOL, 1);
  await runUntil(clock, api, () => stored()[0]?.[2] === 2);
  expect(stored()).toEqual([['MembersCreated', 'Started 2 members.', 2]]);
});

test('Without the permission to create Events a sentence says so, until it is granted', async () => {
  const { api, clock, events, written, stored } = await start();
  api.script = () => forbidden('create', 'events');
  events.membersCreated(POOL, 1);
  await written(2);
  await api.settle();
  expect(events.problems()).toEqual([
    'Events of pools are not written: User "warmpool" cannot create resource "events" in API group "" in the namespace "n"',
  ]);
  api.script = () => undefined;
  await runUntil(clock, api, () => stored().length === 1);
  await expect.poll(() => events.problems()).toEqual([]);
});

test('Events stop within a second if the API server does not respond', async () => {
  const { api, clock, events } = await start();
  api.script = () => 'silent';
  events.membersCreated(POOL, 1);
  const closed = events.close();
  clock.moveTo(clock.now() + 1_000);
  await closed;
});
