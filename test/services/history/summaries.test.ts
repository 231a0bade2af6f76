// What an overview shows of every pool.
import { expect, test } from 'vitest';
import { specification } from '../../support/pools.ts';
import { startHistory } from './start-history.ts';

test('A summary has the sparkline, rates and last decision of a pool', async () => {
  const { readyPool, claim, advance, history, ports, pools } = await startHistory();
  await readyPool('a', 2);
  await claim('a');
  await claim('a');
  await expect(claim('a')).rejects.toMatchObject({ code: 'KUBERNETES::POOL_CAPACITY_EXHAUSTED' });
  await advance(40_000);
  const { items } = await history.summaries({});
  const pool = await pools.get('a');
  const [decision] = await ports.decisions.list(pool, 1);
  expect(items).toEqual([
    {
      name: 'a',
      uid: pool.uid,
      unmet: 0,
      claimsPerMinute: 2,
      hitRate: 0.6667,
      available: [...Array<null>(58).fill(null), 0, 0],
      availableStepSeconds: 30,
      lastDecision: {
        at: decision?.at,
        sentence: decision?.sentence,
        reasons: decision?.reasons.map(({ code }) => code),
      },
    },
  ]);
});

test('Without requests for claims, a summary has no hit rate', async () => {
  const { readyPool, advance, history } = await startHistory();
  await readyPool('a', 1);
  await advance(10_000);
  const { items } = await history.summaries({});
  expect(items[0]).toMatchObject({ claimsPerMinute: 0 });
  expect(items[0]).not.toHaveProperty('hitRate');
});

test('Summaries are the same object until the next sample, and then show what has changed', async () => {
  const { readyPool, pools, claim, advance, history } = await startHistory();
  await readyPool('a', 1);
  const before = await history.summaries({});
  await claim('a');
  await pools.create('b', specification());
  expect(await history.summaries({})).toBe(before);
  await advance(10_000);
  const after = await history.summaries({});
  expect(after.items.map(({ name, claimsPerMinute }) => [name, claimsPerMinute])).toEqual([
    ['a', 1],
    ['b', 0],
  ]);
});
