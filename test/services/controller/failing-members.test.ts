// Members that do not start, cannot be stopped, or whose driver fails.
import { describe, expect, test } from 'vitest';
import type { DriverMember } from '../../../src/services/controller/ports.ts';
import type { DriverParts } from '../../../src/services/local/local-runtime.ts';
import { startRuntime, type Options } from '../../support/local-runtime.ts';
import { capacity, specification, template } from '../../support/pools.ts';

type Wrap = NonNullable<Options['wrap']>;

const all = { scaleStrategy: { maxUnavailable: '100%' } };

const neverReady: Wrap = (driver) => ({
  async *watch(signal) {
    for await (const event of driver.watch(signal))
      if (event.type !== 'present' || event.member.phase !== 'ready') yield event;
  },
});

describe('Members that do not start', () => {
  test('Members that fail are replaced after growing pauses, and Degraded reports the error and the next attempt', async () => {
    const { pools, advance, conditionsOf, statusOf, clock } = await startRuntime({ failureRate: 1 });
    await pools.create('a', specification({ capacitySpec: capacity(2, 2), ...all }));
    await advance(600_000);
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

  test('A new template is tried immediately even if starts keep failing', async () => {
    const { pools, advance } = await startRuntime({ failureRate: 1 });
    await pools.create('a', specification({ capacitySpec: capacity(1, 1) }));
    await advance(600_000);
    await pools.update('a', { template: template('fixed:1') });
    await advance(0);
    const after = await pools.decisions('a');
    expect(after.filter(({ generation }) => generation === 2)).toContainEqual(expect.objectContaining({ create: 1 }));
  });

  test('A member that is not ready within its deadline has failed', async () => {
    const { pools, advance, conditionsOf, membersOf } = await startRuntime({ wrap: neverReady });
    await pools.create('a', specification({ capacitySpec: capacity(1, 1) }));
    await advance(299_000);
    expect(await conditionsOf('a')).toMatchObject({ Degraded: 'Healthy' });
    const [member] = await membersOf('a');
    await advance(1_500);
    expect(await conditionsOf('a')).toMatchObject({ Degraded: 'StartFailing' });
    await advance(5_000);
    expect((await membersOf('a')).map(({ name }) => name)).not.toContain(member?.name);
  });

  test('A member that hangs fails at its deadline even if the start before it was refused', async () => {
    let refusals = 1;
    const refusingOnce: Wrap = (driver, parts) => ({
      ...neverReady(driver, parts),
      start: (order) => (refusals-- > 0 ? Promise.reject(new Error('no such image')) : driver.start(order)),
    });
    const { pools, advance, membersOf } = await startRuntime({ wrap: refusingOnce });
    await pools.create('a', specification({ capacitySpec: capacity(1, 1) }));
    await advance(2_000);
    const [hanging] = await membersOf('a');
    expect(hanging).toMatchObject({ phase: 'starting' });
    await advance(310_000);
    expect((await membersOf('a')).map(({ name }) => name)).not.toContain(hanging?.name);
  });

  test('A driver that refuses to start members degrades that pool and does not delay the others', async () => {
    const refusing: Wrap = (driver) => ({
      start: (order) => (order.poolName === 'bad' ? Promise.reject(new Error('no such image')) : driver.start(order)),
    });
    const { pools, advance, statusOf, membersOf } = await startRuntime({ wrap: refusing });
    await pools.create('bad', specification({ capacitySpec: capacity(1, 1) }));
    await pools.create('good', specification({ capacitySpec: capacity(1, 1) }));
    await advance(20_000);
    expect((await statusOf('bad'))?.conditions?.find(({ type }) => type === 'Degraded')).toMatchObject({
      status: 'True',
      reason: 'StartFailing',
      message: expect.stringContaining('no such image') as string,
    });
    expect(await membersOf('bad')).toEqual([]);
    const [newest] = (await pools.decisions('bad')).filter(({ sentence }) => sentence.includes('creating'));
    expect(newest).toMatchObject({
      create: 0,
      sentence: expect.stringContaining('1 could not be started: no such image') as string,
    });
    expect(await statusOf('good')).toMatchObject({ available: 1 });
  });
});

describe('Members that cannot be stopped', () => {
  test('A member that cannot be stopped does not keep its pool from growing, and no decision lists it as removed', async () => {
    const unstoppable: Wrap = () => ({ stop: () => Promise.reject(new Error('busy')) });
    const { pools, advance, statusOf, stepErrors } = await startRuntime({ wrap: unstoppable });
    await pools.create('a', specification({ capacitySpec: capacity(2, 2), ...all }));
    await advance(20_000);
    await pools.update('a', { template: template('other:2'), capacitySpec: capacity(6, 6) });
    await advance(20_000);
    expect((await statusOf('a'))?.total).toBeGreaterThanOrEqual(6);
    expect(stepErrors.length).toBeGreaterThan(0);
    expect((await pools.decisions('a'))[0]).toMatchObject({ generation: 2, remove: [] });
  });

  test('A stop that fails is retried until it succeeds', async () => {
    let refusals = 3;
    const busy: Wrap = (driver) => ({
      stop: (name) => (refusals-- > 0 ? Promise.reject(new Error('busy')) : driver.stop(name)),
    });
    const { pools, advance, statusOf, stepErrors } = await startRuntime({ wrap: busy });
    await pools.create('a', specification({ capacitySpec: capacity(1, 1) }));
    await advance(20_000);
    await pools.update('a', { capacitySpec: capacity(0, 0) });
    await advance(60_000);
    expect(stepErrors).toHaveLength(3);
    expect(await statusOf('a')).toMatchObject({ total: 0 });
  });

  test('A member is terminating before its driver has stopped it, and ready again when that fails', async () => {
    const stops = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    let asked = 0;
    const slow: Wrap = (driver) => ({
      stop: async (name) => {
        await stops[asked++]?.promise;
        await driver.stop(name);
      },
    });
    const { pools, advance, membersOf, stepErrors } = await startRuntime({ wrap: slow });
    const phases = async () => (await membersOf('a')).map(({ phase }) => phase);
    await pools.create('a', specification({ capacitySpec: capacity(1, 1) }));
    await advance(20_000);
    await pools.update('a', { capacitySpec: capacity(0, 0) });
    await expect.poll(() => asked).toBe(1);
    expect(await phases()).toEqual(['terminating']);
    stops[0]?.reject(new Error('busy'));
    await expect.poll(() => stepErrors.length).toBe(1);
    expect(await phases()).toEqual(['ready']);
    stops[1]?.resolve(undefined);
    await advance(1_000);
    expect([asked, await phases()]).toEqual([2, ['terminating']]);
    await advance(5_000);
    expect(await phases()).toEqual([]);
  });

  test('A report that arrives while a member is being stopped does not make it ready again', async () => {
    const [report, stop] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    let isHeld = false;
    const late: Wrap = (driver) => ({
      stop: async (name) => {
        await stop.promise;
        await driver.stop(name);
      },
      async *watch(signal) {
        for await (const event of driver.watch(signal)) {
          if (event.type === 'present' && event.member.phase === 'ready') {
            isHeld = true;
            await report.promise;
          }
          yield event;
        }
      },
    });
    const { pools, advance, membersOf } = await startRuntime({ wrap: late });
    const phases = async () => (await membersOf('a')).map(({ phase }) => phase);
    await pools.create('a', specification({ capacitySpec: capacity(1, 1) }));
    await advance(20_000);
    expect(isHeld).toBe(true);
    await pools.update('a', { capacitySpec: capacity(0, 0) });
    await expect.poll(phases).toEqual(['terminating']);
    report.resolve(undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await phases()).toEqual(['terminating']);
    stop.resolve(undefined);
    await advance(0);
    expect(await phases()).toEqual(['terminating']);
  });

  test('A member that runs again after a stop had begun is stopped again', async () => {
    let failures = 1;
    const stopped: string[] = [];
    const failing: Wrap = (driver) => ({
      stop: (name) => {
        stopped.push(name);
        return driver.stop(name);
      },
      async *watch(signal) {
        let last: DriverMember | undefined;
        for await (const event of driver.watch(signal)) {
          if (event.type === 'present') last = event.member;
          // Instead of ending, the member starts again under its name.
          if (event.type === 'gone' && last !== undefined && failures-- > 0)
            await driver.start({ ...last, template: {} });
          else yield event;
        }
      },
    });
    const { pools, advance, membersOf } = await startRuntime({ wrap: failing });
    await pools.create('a', specification({ capacitySpec: capacity(1, 1) }));
    await advance(20_000);
    const [member] = await membersOf('a');
    await pools.update('a', { capacitySpec: capacity(0, 0) });
    await advance(20_000);
    expect(stopped).toEqual([member?.name, member?.name]);
    expect(await membersOf('a')).toEqual([]);
  });
});

test('A driver that cannot store the change of a member retries it, which is not a failed scaling step', async () => {
  let database: DriverParts['database'] | undefined;
  const { pools, advance, stepErrors, driverErrors, statusOf } = await startRuntime({
    wrap: (_driver, parts) => {
      ({ database } = parts);
      return {};
    },
  });
  await pools.create('a', specification({ capacitySpec: capacity(1, 1) }));
  await advance(0);
  database?.exec('PRAGMA query_only = 1');
  await advance(10_000);
  expect([driverErrors.length > 0, stepErrors]).toEqual([true, []]);
  database?.exec('PRAGMA query_only = 0');
  await advance(2_000);
  expect(await statusOf('a')).toMatchObject({ available: 1 });
});
