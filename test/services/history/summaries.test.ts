// What an overview shows of every pool.
import { expect, onTestFinished, test, vi } from 'vitest';
import { HistoryService } from '../../../src/services/history/history-service.ts';
import { MemorySampleStore } from '../../../src/services/history/memory-sample-store.ts';
import { Tick } from '../../../src/services/history/recent-ticks.ts';
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

test('Summaries that were requested at the moment of a sample, before it was taken, do not hide it', async () => {
  const { readyPool, claim, advance, settle, clock, history } = await startHistory();
  await readyPool('a', 2);
  await advance(5_000);
  await claim('a');
  clock.moveTo(Math.ceil((clock.now() + 1) / 10_000) * 10_000);
  const [early] = (await history.summaries({})).items;
  await settle();
  const [after] = (await history.summaries({})).items;
  expect(early).not.toHaveProperty('hitRate');
  expect(after).toMatchObject({ hitRate: 1 });
});

test('The samples are added up once for all selectors, and again after the next sample', async () => {
  const { readyPool, advance, history } = await startHistory();
  await readyPool('a', 1);
  await history.summaries({});
  const visit = vi.spyOn(Tick.prototype, 'visit');
  onTestFinished(() => {
    visit.mockRestore();
  });
  await Promise.all([history.summaries({ namePrefix: 'a' }), history.summaries({ namePrefix: 'b' })]);
  expect(visit).not.toHaveBeenCalled();
  await advance(10_000);
  await history.summaries({ namePrefix: 'a' });
  expect(visit).toHaveBeenCalled();
});

test('A failed request for summaries leaves nothing behind: the next one succeeds', async () => {
  const { readyPool, ports } = await startHistory();
  await readyPool('a', 1);
  let isBroken = true;
  const lastDecision = (uid: string) => {
    if (isBroken) throw new Error('The store cannot be read.');
    return ports.history.lastDecision(uid);
  };
  const history = new HistoryService({ ...ports, history: { ...ports.history, lastDecision } });
  onTestFinished(() => history.close());
  await expect(history.summaries({})).rejects.toThrow('The store cannot be read.');
  isBroken = false;
  expect((await history.summaries({})).items).toHaveLength(1);
});

test('The last decision on a pool is forgotten when the pool is deleted, also between two samples', async () => {
  const { readyPool, pools, settle, ports } = await startHistory();
  await readyPool('a', 1);
  const { uid } = await pools.get('a');
  expect(ports.history.lastDecision(uid)).toBeDefined();
  await pools.delete('a');
  await settle();
  expect(ports.history.lastDecision(uid)).toBeUndefined();
});

test('A sample that cannot be taken is a gap, is reported, and does not end sampling', async () => {
  const { readyPool, advance, clock, ports } = await startHistory();
  await readyPool('a', 1);
  const failures: unknown[] = [];
  let isBroken = true;
  const history = new HistoryService({
    ...ports,
    history: {
      ...ports.history,
      samples: new MemorySampleStore(),
      gauges: (pool) => {
        if (isBroken) throw new Error('The members are not known.');
        return ports.history.gauges(pool);
      },
    },
    observer: { ...ports.observer, historyNotWritten: (error) => failures.push(error) },
  });
  onTestFinished(() => history.close());
  await advance(20_000);
  expect(failures).toHaveLength(1);
  isBroken = false;
  await advance(10_000);
  const from = new Date(clock.now() - 30_000).toISOString();
  expect((await history.read('a', { from, step: 10 })).columns.available).toEqual([null, null, 1]);
});
