// Images are pulled before members start: what the controller does meanwhile, and when it fails.
import { expect, test } from 'vitest';
import type { Preparation, PreparationOrder } from '../../../src/services/controller/ports.ts';
import { startRuntime, type Options } from '../../support/local-runtime.ts';
import { capacity, specification, template } from '../../support/pools.ts';

const READY: Preparation = { state: 'ready' };
const pulling = (message: string): Preparation => ({ state: 'preparing', reason: 'PullingImage', message });

/** A driver whose preparation is what the test says; `change` reports a new one. */
const preparedBy = (first: Preparation) => {
  const driver = {
    preparation: first,
    orders: [] as PreparationOrder[],
    change: (next: Preparation) => {
      driver.preparation = next;
    },
  };
  const wrap: Options['wrap'] = (inner) => ({
    prepare: (order) => {
      driver.orders.push(order);
      return driver.preparation;
    },
    async *watch(signal) {
      const changes = inner.watch(signal)[Symbol.asyncIterator]();
      let [event, changed] = [changes.next(), Promise.withResolvers<undefined>()];
      driver.change = (next) => {
        driver.preparation = next;
        changed.resolve(undefined);
      };
      for (;;) {
        const result = await Promise.race([event, changed.promise]);
        if (result === undefined) {
          changed = Promise.withResolvers<undefined>();
          yield { type: 'preparation', poolUid: driver.orders.at(-1)?.poolUid ?? '' };
        } else if (result.done) return;
        else {
          event = changes.next();
          yield result.value;
        }
      }
    },
  });
  return { driver, wrap };
};

const one = specification({ capacitySpec: capacity(1, 1) });

test('While an image is pulled no member starts, and Progressing reports the progress, past the deadline of starts', async () => {
  const { driver, wrap } = preparedBy(pulling('Pulling busybox:1'));
  const { pools, advance, statusOf, membersOf, conditionsOf } = await startRuntime({ wrap });
  await pools.create('a', one);
  await advance(600_000);
  const progressing = async () => (await statusOf('a'))?.conditions?.find(({ type }) => type === 'Progressing');
  expect(await membersOf('a')).toEqual([]);
  expect(await progressing()).toMatchObject({ status: 'True', reason: 'PullingImage', message: 'Pulling busybox:1' });
  expect(await conditionsOf('a')).toMatchObject({ Degraded: 'Healthy' });
  expect((await pools.decisions('a'))[0]).toMatchObject({
    create: 0,
    reasons: [{ code: 'BufferMin' }, { code: 'PullingImage' }],
  });
  driver.change(pulling('Pulling busybox:1: 1 of 2 MB'));
  await advance(0);
  expect(await progressing()).toMatchObject({ message: 'Pulling busybox:1: 1 of 2 MB' });
  driver.change(READY);
  await advance(10_000);
  expect(await statusOf('a')).toMatchObject({ available: 1 });
  expect(await conditionsOf('a')).toMatchObject({ Progressing: 'Settled' });
  expect(driver.orders[0]).toMatchObject({ template: one.template });
});

test('A failed pull degrades the pool with the message of the registry, and is tried again after growing pauses', async () => {
  const { driver, wrap } = preparedBy({ state: 'failed', message: 'manifest unknown' });
  const { pools, advance, clock, statusOf, membersOf, conditionsOf } = await startRuntime({ wrap });
  await pools.create('a', one);
  const begunMs = clock.now();
  await advance(60_000);
  expect(await membersOf('a')).toEqual([]);
  expect((await statusOf('a'))?.conditions?.find(({ type }) => type === 'Degraded')).toMatchObject({
    status: 'True',
    reason: 'StartFailing',
    message: expect.stringMatching(/next try at .* Last error: manifest unknown$/) as string,
  });
  expect(driver.orders.length).toBeGreaterThan(2);
  expect(driver.orders.length, `in ${clock.now() - begunMs} ms`).toBeLessThan(10);
  driver.change(READY);
  await advance(300_000);
  expect(await conditionsOf('a')).toMatchObject({ Degraded: 'Healthy', Ready: 'BufferMet' });
});

test.each<Preparation>([pulling('Pulling other:2'), { state: 'failed', message: 'manifest unknown' }])(
  'An update stops no member while its image is not there: %j',
  async (preparation) => {
    const { driver, wrap } = preparedBy(READY);
    const { pools, advance, statusOf, conditionsOf } = await startRuntime({ wrap });
    await pools.create(
      'a',
      specification({ capacitySpec: capacity(4, 4), updateStrategy: { maxUnavailable: '100%' } }),
    );
    await advance(60_000);
    expect(await statusOf('a')).toMatchObject({ available: 4 });
    const { length } = driver.orders;
    driver.preparation = preparation;
    await pools.update('a', { template: template('other:2') });
    await advance(60_000);
    expect(await statusOf('a')).toMatchObject({ available: 4, updated: 0 });
    expect(await conditionsOf('a')).toMatchObject(
      preparation.state === 'failed' ? { Degraded: 'StartFailing' } : { Progressing: 'PullingImage' },
    );
    expect(driver.orders.length - length).toBeLessThan(10);
    driver.change(READY);
    await advance(120_000);
    expect(await statusOf('a')).toMatchObject({ available: 4, updated: 4 });
    expect(await conditionsOf('a')).toMatchObject({ Degraded: 'Healthy', Progressing: 'Settled' });
  },
);

test('A pool that needs no member needs no image', async () => {
  const { driver, wrap } = preparedBy(pulling('Pulling busybox:1'));
  const { pools, advance } = await startRuntime({ wrap });
  await pools.create('a', specification());
  await advance(1_000);
  expect(driver.orders).toEqual([]);
});
