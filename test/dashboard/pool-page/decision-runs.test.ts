import { expect, test } from 'vitest';
import { decisionRuns } from '../../../src/dashboard/pages/pool/overview/decision-runs.ts';
import { aDecision } from './pools.ts';

const newestFirst = (...seconds: readonly number[]) => seconds.map((second) => aDecision(second)).reverse();

test('Small decisions in quick succession are one run', () => {
  const [run, ...others] = decisionRuns(newestFirst(0, 5, 12, 19));
  expect(others).toEqual([]);
  expect(run).toMatchObject({ count: 4, spanMs: 19_000, effect: { create: 4, remove: [] } });
  expect(run?.last.id).toBe('19');
});

test('Two decisions are not a run', () => {
  expect(decisionRuns(newestFirst(0, 1)).map(({ count }) => count)).toEqual([1, 1]);
});

test('A pause of more than ten seconds ends a run', () => {
  expect(decisionRuns(newestFirst(0, 1, 2, 14, 15, 16)).map(({ count }) => count)).toEqual([3, 3]);
});

test('A large step stays apart', () => {
  const decisions = [aDecision(4), aDecision(3), aDecision(2, { create: 16 }), aDecision(1), aDecision(0)];
  expect(decisionRuns(decisions).map(({ count }) => count)).toEqual([1, 1, 1, 1, 1]);
});

test('Decisions that only wait for a start belong to a run', () => {
  const waits = (second: number) => aDecision(second, { create: 0 });
  expect(decisionRuns([waits(2), aDecision(1), waits(0)])).toHaveLength(1);
});

test('A pool that is held back again and again is one run', () => {
  const held = (second: number) => aDecision(second, { create: 0, reasons: [{ code: 'PoolMax', message: '' }] });
  expect(decisionRuns([held(3), aDecision(2, { create: 0 }), held(1), held(0)])).toHaveLength(1);
});

test('A run does not cross a multiple of 20 seconds, so that its beginning stays while new decisions arrive', () => {
  expect(decisionRuns(newestFirst(57, 58, 59, 60, 61, 62)).map(({ count }) => count)).toEqual([3, 3]);
});

test('The effect of a run is the sum of its steps', () => {
  const decisions = [aDecision(2, { create: 2 }), aDecision(1, { create: 0, remove: ['a'] }), aDecision(0)];
  expect(decisionRuns(decisions)[0]?.effect).toMatchObject({ create: 3, remove: ['a'] });
});

test('Without decisions there are no runs', () => {
  expect(decisionRuns([])).toEqual([]);
});
