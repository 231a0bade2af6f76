// How the controller keeps pools at their size, on the local runtime with a clock that the test moves.
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../src/services/local/sqlite/database.ts';
import { editStore, startRuntime } from '../../support/local-runtime.ts';
import { capacity, specification, template } from '../../support/pools.ts';

const all = { scaleStrategy: { maxUnavailable: '100%' } };

describe('The size of a pool', () => {
  test('A new pool grows to bufferMin and stays there', async () => {
    const { pools, advance, statusOf, conditionsOf, clock } = await startRuntime();
    await pools.create('a', specification({ capacitySpec: capacity(3, 5) }));
    await advance(0);
    expect(await conditionsOf('a')).toEqual({
      Ready: 'Exhausted',
      Progressing: 'Growing',
      ScalingLimited: 'NotLimited',
      Degraded: 'Healthy',
    });
    await advance(20_000);
    expect(await statusOf('a')).toMatchObject({
      total: 3,
      available: 3,
      allocated: 0,
      updated: 3,
      observedGeneration: 1,
    });
    expect(await conditionsOf('a')).toMatchObject({ Ready: 'BufferMet', Progressing: 'Settled' });
    await advance(300_000);
    expect(clock.nextAtMs, 'no timer is left').toBeUndefined();
    expect(await pools.decisions('a', 1)).toMatchObject([
      { create: 0, reasons: [{ code: 'WithinBuffer' }, { code: 'AtRest' }] },
    ]);
  });

  test('A pool grows and shrinks with its capacity', async () => {
    const { pools, advance, statusOf } = await startRuntime();
    await pools.create('a', specification({ capacitySpec: capacity(2, 2), ...all }));
    await advance(20_000);
    await pools.update('a', { capacitySpec: capacity(6, 8) });
    await advance(60_000);
    expect(await statusOf('a')).toMatchObject({ total: 6, available: 6 });
    await pools.update('a', { capacitySpec: capacity(0, 1) });
    await advance(60_000);
    expect(await statusOf('a')).toMatchObject({ total: 1, available: 1 });
  });

  test('A pool stops growing at poolMax and reports it', async () => {
    const { pools, advance, statusOf, conditionsOf } = await startRuntime();
    await pools.create('a', specification({ capacitySpec: capacity(5, 5, 0, 2), ...all }));
    await advance(20_000);
    expect(await statusOf('a')).toMatchObject({ total: 2 });
    expect(await conditionsOf('a')).toMatchObject({
      ScalingLimited: 'PoolMax',
      Ready: 'BufferLow',
      Progressing: 'Settled',
    });
  });

  test('A pool replaces its members after a change to the template', async () => {
    const { pools, advance, membersOf, statusOf, conditionsOf } = await startRuntime();
    await pools.create('a', specification({ capacitySpec: capacity(4, 4), ...all }));
    await advance(20_000);
    const before = (await membersOf('a')).map(({ name }) => name);
    await pools.update('a', { template: template('other:2') });
    await advance(0);
    expect(await conditionsOf('a')).toMatchObject({ Progressing: 'RollingOut' });
    await advance(120_000);
    const after = await membersOf('a');
    expect(after.filter(({ name, stale }) => stale || before.includes(name))).toEqual([]);
    expect(await statusOf('a')).toMatchObject({ total: 4, updated: 4, available: 4 });
  });

  test('A pool keeps its decisions with their reasons, newest first', async () => {
    const { pools, advance } = await startRuntime();
    await pools.create('a', specification({ capacitySpec: capacity(3, 5) }));
    await advance(20_000);
    const items = await pools.decisions('a');
    expect(items.at(-1)).toMatchObject({
      pool: 'a',
      generation: 1,
      desired: 3,
      create: 1,
      reasons: [{ code: 'BufferMin' }, {}],
    });
    expect(items[0]).toMatchObject({ create: 0, remove: [] });
    expect(items.map(({ create }) => create).reduce((sum, created) => sum + created)).toBe(3);
    expect(await pools.decisions('a', 1)).toEqual(items.slice(0, 1));
  });
});

test('A pool with a desired size of two billion does not slow down the others', async () => {
  const { pools, advance, statusOf, conditionsOf } = await startRuntime({ membersMax: 250 });
  const endless = capacity(2_147_483_647, 2_147_483_647, 0, 2_147_483_647);
  await pools.create('small', specification({ capacitySpec: capacity(1, 1) }));
  await pools.create('endless', specification({ capacitySpec: endless, ...all }));
  await advance(5_000);
  expect(await statusOf('small')).toMatchObject({ available: 1 });
  expect(await statusOf('endless')).toMatchObject({ total: 249 });
  expect(await conditionsOf('endless')).toMatchObject({ Degraded: 'StartFailing' });
  const refused = (await pools.decisions('endless', 500)).filter(({ sentence }) => sentence.includes('later steps'));
  expect(refused[0]?.sentence).toMatch(/ \d+ more will be started in later steps\./);
  // What is refused is not asked a hundred times.
  expect(refused[0]?.sentence).toMatch(/ [1-9]\d? could not be started: the simulated driver runs at most 250 members/);
});

describe('A deleted pool', () => {
  test('The members of a deleted pool are removed, and a pool recreated under its name starts without members', async () => {
    const { pools, advance, membersOf, statusOf } = await startRuntime();
    await pools.create('a', specification({ capacitySpec: capacity(4, 4), ...all }));
    await advance(20_000);
    const old = (await membersOf('a')).map(({ name }) => name);
    expect(old).toHaveLength(4);
    await pools.delete('a', { isForced: false });
    await pools.create('a', specification({ capacitySpec: capacity(1, 1) }));
    expect(await statusOf('a')).toBeUndefined();
    expect(await membersOf('a')).toEqual([]);
    expect(await pools.decisions('a')).toEqual([]);
    await advance(0);
    expect(await statusOf('a')).toMatchObject({ total: 1 });
    await advance(60_000);
    expect((await membersOf('a')).filter(({ name }) => old.includes(name))).toEqual([]);
    expect(await statusOf('a')).toMatchObject({ total: 1, available: 1 });
  });

  test('No member of a deleted pool stays when the process ended before it was stopped', async () => {
    const first = await startRuntime();
    await first.pools.create('a', specification({ capacitySpec: capacity(2, 2), ...all }));
    await first.advance(20_000);
    await first.stop();
    await editStore(first.folder, (store) => store.delete('a', () => undefined));
    const second = await startRuntime({ folder: first.folder, clock: first.clock });
    await second.advance(20_000);
    await second.stop();
    const database = openDatabase(path.join(first.folder, 'warmpool.db'));
    expect(database.prepare('SELECT * FROM simulated_members').all()).toEqual([]);
    database.close();
  });
});

describe('A restart', () => {
  test('A restart in the middle of a start loses no member and starts none twice', async () => {
    const first = await startRuntime();
    await first.pools.create('a', specification({ capacitySpec: capacity(4, 4), ...all }));
    await first.advance(0);
    const names = (await first.membersOf('a')).map(({ name }) => name);
    expect(names).toHaveLength(4);
    await first.stop();
    const second = await startRuntime({ folder: first.folder, clock: first.clock });
    await second.advance(20_000);
    expect((await second.membersOf('a')).map(({ name, phase }) => [name, phase])).toEqual(
      names.map((name) => [name, 'ready']),
    );
    const [newest] = await second.pools.decisions('a');
    expect(newest).toMatchObject({ create: 0 });
  });
});
