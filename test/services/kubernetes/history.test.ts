// The history where another controller decides: what the status of a pool reports.
import { expect, test } from 'vitest';
import { HistoryService } from '../../../src/services/history/history-service.ts';
import { reportedHistory } from '../../../src/services/history/reported-history.ts';
import { refusedClaims } from '../../../src/services/claims/refused-claims.ts';
import { WarmpoolError } from '../../../src/services/warmpool-error.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { storedPool } from '../../support/pools.ts';
import { silentObserver } from '../../support/silent-observer.ts';

const OBSERVED = {
  ...storedPool('a'),
  status: { total: 3, allocated: 1, available: 2, revision: 'r' },
};
const UNOBSERVED = { ...storedPool('b'), status: { total: 0, allocated: 0, available: 0, revision: '' } };

const start = () => {
  const clock = new FakeClock();
  const state = { isCurrent: true, isReadable: true };
  const history = new HistoryService({
    clock,
    observer: silentObserver,
    store: {
      get: async (name) => (name === 'a' ? OBSERVED : UNOBSERVED),
      list: async () => {
        if (!state.isReadable) throw new WarmpoolError('KUBERNETES::UNAVAILABLE', 'The API server is unreachable.');
        return [OBSERVED, UNOBSERVED];
      },
    },
    claims: refusedClaims(new WarmpoolError('RUNTIME::NOT_SUPPORTED', 'There are no claims.')),
    history: reportedHistory(() => state.isCurrent),
  });
  const advance = async (seconds: number) => {
    for (let passed = 0; passed < seconds; passed += 10) {
      clock.moveTo(clock.now() + 10_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { clock, history, state, advance };
};

test('Where another controller decides, a history has the capacity and the counts of the status, and null for all other figures', async () => {
  const { history, advance } = start();
  await advance(20);
  const { columns } = await history.read('a', {});
  const last = Object.entries(columns).flatMap(([name, column]) => (name === 'time' ? [] : [[name, column.at(-1)]]));
  expect(Object.fromEntries(last)).toEqual({
    desired: null,
    available: 2,
    allocated: 1,
    starting: null,
    unmet: null,
    claims: null,
    misses: null,
    waitP95Ms: null,
    bufferMin: 1,
    bufferMax: 3,
    poolMax: 10,
  });
  await history.close();
});

test('A pool that was never observed has no counts in its history', async () => {
  const { history, advance } = start();
  await advance(20);
  expect((await history.read('b', {})).columns.available.every((value) => value === null)).toBe(true);
  await history.close();
});

test('While the cache is stale or cannot be read, the history has a gap', async () => {
  const { history, advance, state } = start();
  await advance(20);
  state.isCurrent = false;
  await advance(20);
  state.isCurrent = true;
  state.isReadable = false;
  await advance(20);
  state.isReadable = true;
  await advance(10);
  expect((await history.read('a', {})).columns.available.slice(-7)).toEqual([2, 2, null, null, null, null, 2]);
  await history.close();
});

test('In memory, samples are kept for a day', async () => {
  const { clock, history, advance } = start();
  await advance(36 * 3_600);
  const from = new Date(clock.now() - 48 * 3_600_000).toISOString();
  const { columns, stepSeconds } = await history.read('a', { from, step: 300 });
  const oldest = columns.time[columns.available.findIndex((value) => value !== null)] ?? NaN;
  expect(stepSeconds).toBe(300);
  const hours = (clock.now() / 1_000 - oldest) / 3_600;
  expect(hours).toBeGreaterThanOrEqual(24);
  expect(hours).toBeLessThan(34);
  await history.close();
}, 60_000);

test('A summary has the sparkline of the status, and neither a hit rate nor a decision', async () => {
  const { history, advance } = start();
  await advance(60);
  const { items } = await history.summaries({});
  expect(items[0]).toEqual({
    name: 'a',
    uid: 'a',
    unmet: 0,
    claimsPerMinute: 0,
    available: [...Array<null>(58).fill(null), 2, 2],
    availableStepSeconds: 30,
  });
  await history.close();
});
