// Reports of pools whose members do not start.
import { expect, test } from 'vitest';
import { startRuntime, type Options } from '../../support/local-runtime.ts';
import { capacity, specification } from '../../support/pools.ts';

/** A driver that refuses every start until `accept` is called. */
const refusing = () => {
  let refuses = true;
  const wrap: Options['wrap'] = (driver) => ({
    start: (order) => (refuses ? Promise.reject(new Error('no such image')) : driver.start(order)),
  });
  const accept = () => {
    refuses = false;
  };
  return { wrap, accept };
};

const one = specification({ capacitySpec: capacity(1, 1) });

test('A pool that becomes degraded is reported once, however many starts fail, and once more when it recovers', async () => {
  const { wrap, accept } = refusing();
  const { pools, advance, degradations } = await startRuntime({ wrap });
  await pools.create('a', one);
  await advance(600_000);
  expect(degradations).toMatchObject([
    { pool: 'a', status: 'True', reason: 'StartFailing', message: expect.stringContaining('no such image') as string },
  ]);
  accept();
  await advance(600_000);
  expect(degradations).toMatchObject([{ status: 'True' }, { pool: 'a', status: 'False', reason: 'Healthy' }]);
});

test('A pool whose image cannot be prepared is reported as degraded', async () => {
  const { pools, advance, degradations } = await startRuntime({
    wrap: () => ({ prepare: () => ({ state: 'failed', message: 'manifest unknown' }) }),
  });
  await pools.create('a', one);
  await advance(60_000);
  expect(degradations).toMatchObject([{ pool: 'a', message: expect.stringContaining('manifest unknown') as string }]);
});

test('A pool that is still degraded after a restart is reported again, and not as recovered', async () => {
  const { wrap } = refusing();
  const first = await startRuntime({ wrap });
  await first.pools.create('a', one);
  await first.advance(60_000);
  await first.stop();
  const second = await startRuntime({ wrap, folder: first.folder, clock: first.clock });
  await second.advance(60_000);
  expect(second.degradations).toMatchObject([{ pool: 'a', status: 'True' }]);
});
