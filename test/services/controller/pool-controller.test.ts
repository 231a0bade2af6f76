// How the controller keeps pools: real SQLite, real simulated driver, a clock that the test moves.
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../src/services/local/sqlite/database.ts';
import { startRuntime, type Options } from '../../support/local-runtime.ts';
import { capacity, template } from '../../support/pools.ts';

const specification = (capacitySpec = capacity(3, 5, 0, 10), more = {}) => ({
  template: template(),
  capacitySpec,
  ...more,
});
const all = { scaleStrategy: { maxUnavailable: '100%' } };

describe('a pool', () => {
  test('warms up to bufferMin and stays there', async () => {
    const { pools, pass, statusOf, conditionsOf, clock } = await startRuntime();
    await pools.create('a', specification());
    await pass(0);
    expect(await conditionsOf('a')).toEqual({
      Ready: 'Exhausted',
      Progressing: 'Growing',
      ScalingLimited: 'NotLimited',
      Degraded: 'Healthy',
    });
    await pass(20_000);
    expect(await statusOf('a')).toMatchObject({
      total: 3,
      available: 3,
      allocated: 0,
      updated: 3,
      observedGeneration: 1,
    });
    expect(await conditionsOf('a')).toMatchObject({ Ready: 'BufferMet', Progressing: 'Settled' });
    await pass(300_000);
    expect(clock.nextAtMs, 'nothing is left to wait for').toBeUndefined();
    expect(await pools.decisions('a', 1)).toMatchObject([
      { create: 0, reasons: [{ code: 'WithinBuffer' }, { code: 'AtRest' }] },
    ]);
  });

  test('grows and shrinks with its capacity', async () => {
    const { pools, pass, statusOf } = await startRuntime();
    await pools.create('a', specification(capacity(2, 2), all));
    await pass(20_000);
    await pools.update('a', { capacitySpec: capacity(6, 8) });
    await pass(60_000);
    expect(await statusOf('a')).toMatchObject({ total: 6, available: 6 });
    await pools.update('a', { capacitySpec: capacity(0, 1) });
    await pass(60_000);
    expect(await statusOf('a')).toMatchObject({ total: 1, available: 1 });
  });

  test('stops at poolMax and says so', async () => {
    const { pools, pass, statusOf, conditionsOf } = await startRuntime();
    await pools.create('a', specification(capacity(5, 5, 0, 2), all));
    await pass(20_000);
    expect(await statusOf('a')).toMatchObject({ total: 2 });
    expect(await conditionsOf('a')).toMatchObject({
      ScalingLimited: 'PoolMax',
      Ready: 'BufferLow',
      Progressing: 'Settled',
    });
  });

  test('replaces its members after a change of the template', async () => {
    const { pools, pass, membersOf, statusOf, conditionsOf } = await startRuntime();
    await pools.create('a', specification(capacity(4, 4), all));
    await pass(20_000);
    const before = (await membersOf('a')).map(({ name }) => name);
    await pools.update('a', { template: template('other:2') });
    await pass(0);
    expect(await conditionsOf('a')).toMatchObject({ Progressing: 'RollingOut' });
    await pass(120_000);
    const after = await membersOf('a');
    expect(after.filter(({ name, stale }) => stale || before.includes(name))).toEqual([]);
    expect(await statusOf('a')).toMatchObject({ total: 4, updated: 4, available: 4 });
  });

  test('keeps why it did what it did, newest first', async () => {
    const { pools, pass } = await startRuntime();
    await pools.create('a', specification());
    await pass(20_000);
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

test('a pool that wants two thousand million members takes the server from nobody', async () => {
  const { pools, pass, statusOf, conditionsOf } = await startRuntime({ membersMax: 250 });
  const endless = capacity(2_147_483_647, 2_147_483_647, 0, 2_147_483_647);
  await pools.create('small', specification(capacity(1, 1)));
  await pools.create('endless', specification(endless, all));
  await pass(5_000);
  expect(await statusOf('small')).toMatchObject({ available: 1 });
  expect(await statusOf('endless')).toMatchObject({ total: 249 });
  expect(await conditionsOf('endless')).toMatchObject({ Degraded: 'StartFailing' });
  const refused = (await pools.decisions('endless', 500)).filter(({ sentence }) => sentence.includes('later steps'));
  expect(refused[0]?.sentence).toContain('100 could not be started: the simulated driver holds at most 250 members');
});

describe('a deleted pool', () => {
  test('loses its members, and one made again under its name starts from nothing', async () => {
    const { pools, pass, membersOf, statusOf } = await startRuntime();
    await pools.create('a', specification(capacity(4, 4), all));
    await pass(20_000);
    const old = (await membersOf('a')).map(({ name }) => name);
    expect(old).toHaveLength(4);
    await pools.delete('a', { isForced: false });
    await pools.create('a', specification(capacity(1, 1)));
    expect(await statusOf('a')).toBeUndefined();
    expect(await membersOf('a')).toEqual([]);
    expect(await pools.decisions('a')).toEqual([]);
    await pass(0);
    expect(await statusOf('a')).toMatchObject({ total: 1 });
    await pass(60_000);
    expect((await membersOf('a')).filter(({ name }) => old.includes(name))).toEqual([]);
    expect(await statusOf('a')).toMatchObject({ total: 1, available: 1 });
  });

  test('leaves no members behind when the process ended before they were stopped', async () => {
    const first = await startRuntime();
    await first.pools.create('a', specification(capacity(2, 2), all));
    await first.pass(20_000);
    const { uid } = await first.pools.get('a');
    await first.stop();
    const between = openDatabase(path.join(first.folder, 'warmpool.db'));
    between.prepare('DELETE FROM pools WHERE uid = ?').run(uid);
    between.close();
    const second = await startRuntime({ folder: first.folder, clock: first.clock });
    await second.pass(20_000);
    await second.stop();
    const after = openDatabase(path.join(first.folder, 'warmpool.db'));
    expect(after.prepare('SELECT * FROM simulated_members').all()).toEqual([]);
    after.close();
  });
});

describe('a restart', () => {
  test('in the middle of a start goes on where it was: no member is lost, none is started twice', async () => {
    const first = await startRuntime();
    await first.pools.create('a', specification(capacity(4, 4), all));
    await first.pass(0);
    const names = (await first.membersOf('a')).map(({ name }) => name);
    expect(names).toHaveLength(4);
    await first.stop();
    const second = await startRuntime({ folder: first.folder, clock: first.clock });
    await second.pass(20_000);
    expect((await second.membersOf('a')).map(({ name, phase }) => [name, phase])).toEqual(
      names.map((name) => [name, 'ready']),
    );
    const [newest] = await second.pools.decisions('a');
    expect(newest).toMatchObject({ create: 0 });
  });
});

describe('members that do not start', () => {
  test('are replaced with growing pauses; the condition has the error and the time of the next try', async () => {
    const { pools, pass, conditionsOf, statusOf, clock } = await startRuntime({ failureRate: 1 });
    await pools.create('a', specification(capacity(2, 2), all));
    await pass(600_000);
    expect(await conditionsOf('a')).toMatchObject({ Degraded: 'StartFailing', Ready: 'Exhausted' });
    const degraded = (await statusOf('a'))?.conditions?.find(({ type }) => type === 'Degraded');
    expect(degraded?.message).toMatch(/next try at \d{4}-\d\d-\d\dT.*failure_rate/);
    const starts = (await pools.decisions('a', 500)).filter(({ create }) => create > 0).map(({ at }) => Date.parse(at));
    const pauses = starts.slice(1).map((at, index) => (starts[index] ?? at) - at);
    expect(pauses.length).toBeGreaterThan(5);
    // Newest first.
    expect(pauses[0]).toBeGreaterThan(4 * (pauses.at(-1) ?? Infinity));
    expect(clock.nextAtMs, 'the next try is planned').toBeDefined();
  });

  test('a new template is tried at once', async () => {
    const { pools, pass } = await startRuntime({ failureRate: 1 });
    await pools.create('a', specification(capacity(1, 1)));
    await pass(600_000);
    await pools.update('a', { template: template('mended:1') });
    await pass(0);
    const after = await pools.decisions('a');
    expect(after.filter(({ generation }) => generation === 2)).toContainEqual(expect.objectContaining({ create: 1 }));
  });

  test('one that is not ready within its deadline has failed', async () => {
    const stuck: Options['wrap'] = (driver) => ({
      start: (order) => driver.start(order),
      stop: (name) => driver.stop(name),
      async *watch(signal) {
        for await (const event of driver.watch(signal))
          if (event.type !== 'present' || event.member.phase !== 'ready') yield event;
      },
    });
    const { pools, pass, conditionsOf, membersOf } = await startRuntime({ wrap: stuck });
    await pools.create('a', specification(capacity(1, 1)));
    await pass(299_000);
    expect(await conditionsOf('a')).toMatchObject({ Degraded: 'Healthy' });
    const [member] = await membersOf('a');
    await pass(1_500);
    expect(await conditionsOf('a')).toMatchObject({ Degraded: 'StartFailing' });
    await pass(5_000);
    expect((await membersOf('a')).map(({ name }) => name)).not.toContain(member?.name);
  });

  test('a driver that refuses to start them degrades that pool and holds up no other', async () => {
    const picky: Options['wrap'] = (driver) => ({
      start: (order) => (order.poolName === 'bad' ? Promise.reject(new Error('no such image')) : driver.start(order)),
      stop: (name) => driver.stop(name),
      watch: (signal) => driver.watch(signal),
    });
    const { pools, pass, statusOf, membersOf } = await startRuntime({ wrap: picky });
    await pools.create('bad', specification(capacity(1, 1)));
    await pools.create('good', specification(capacity(1, 1)));
    await pass(20_000);
    expect((await statusOf('bad'))?.conditions?.find(({ type }) => type === 'Degraded')).toMatchObject({
      status: 'True',
      reason: 'StartFailing',
      message: expect.stringContaining('no such image') as string,
    });
    expect(await membersOf('bad')).toEqual([]);
    const [newest] = (await pools.decisions('bad')).filter(({ sentence }) => sentence.includes('Creating'));
    expect(newest).toMatchObject({
      create: 0,
      sentence: expect.stringContaining('1 could not be started: no such image') as string,
    });
    expect(await statusOf('good')).toMatchObject({ available: 1 });
  });

  test('a member that cannot be stopped does not keep its pool from growing, and the decision tells what was removed', async () => {
    const deaf: Options['wrap'] = (driver) => ({
      start: (order) => driver.start(order),
      stop: () => Promise.reject(new Error('busy')),
      watch: (signal) => driver.watch(signal),
    });
    const { pools, pass, statusOf, errors } = await startRuntime({ wrap: deaf });
    await pools.create('a', specification(capacity(2, 2), all));
    await pass(20_000);
    await pools.update('a', { template: template('other:2'), capacitySpec: capacity(6, 6) });
    await pass(20_000);
    expect((await statusOf('a'))?.total).toBeGreaterThanOrEqual(6);
    expect(errors.length).toBeGreaterThan(0);
    expect((await pools.decisions('a'))[0]).toMatchObject({ generation: 2, remove: [] });
  });

  test('a driver that fails to stop a member is asked again', async () => {
    let refusals = 3;
    const stubborn: Options['wrap'] = (driver) => ({
      start: (order) => driver.start(order),
      stop: (name) => (refusals-- > 0 ? Promise.reject(new Error('busy')) : driver.stop(name)),
      watch: (signal) => driver.watch(signal),
    });
    const { pools, pass, statusOf, errors } = await startRuntime({ wrap: stubborn });
    await pools.create('a', specification(capacity(1, 1)));
    await pass(20_000);
    await pools.update('a', { capacitySpec: capacity(0, 0) });
    await pass(60_000);
    expect(errors).toHaveLength(3);
    expect(await statusOf('a')).toMatchObject({ total: 0 });
  });
});
