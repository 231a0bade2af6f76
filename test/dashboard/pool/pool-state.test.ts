import { describe, expect, test } from 'vitest';
import type { Condition } from '../../../src/contract/conditions.ts';
import { needsAttention, poolState, STATES, statesOf, URGENCY } from '../../../src/dashboard/pool/pool-state.ts';
import { aPool, aPoolWith } from '../pool-page/pools.ts';
import { AT_POOL_MAX, BUFFER_LOW, DEGRADED, EXHAUSTED, poolWith, READY } from '../overview/pools.ts';

const AT = '2026-11-26T12:00:00Z';
const NOW_MS = Date.parse(AT);

const progressing = (reason: Condition['reason'], status: Condition['status'] = 'True'): Condition => ({
  type: 'Progressing',
  status,
  reason,
  message: '',
});

describe('The state of a pool', () => {
  test.each([
    ['Exhausted', [EXHAUSTED, AT_POOL_MAX, DEGRADED], 'Starts fail'],
    ['Degraded', [BUFFER_LOW, DEGRADED, AT_POOL_MAX], 'At poolMax'],
    ['At poolMax', [BUFFER_LOW, AT_POOL_MAX], 'Buffer low'],
    ['Buffer low', [BUFFER_LOW, progressing('Growing')], 'Growing'],
    ['Pulling image', [progressing('PullingImage')], undefined],
    ['Rolling out', [READY, progressing('RollingOut')], undefined],
    ['Shrinking', [READY, progressing('Shrinking')], undefined],
    ['Ready', [READY, progressing('Settled', 'False')], 'Settled'],
    ['Unknown', [], undefined],
  ] as const)(
    '"%s" is the first state that applies, and the next one is its second line.',
    (word, conditions, second) => {
      expect(poolState(poolWith('a', conditions))).toMatchObject({ word, second });
    },
  );

  test('A pool that is being deleted is "Deleting" whatever its conditions are, since its deletion was requested.', () => {
    const state = poolState(poolWith('a', [EXHAUSTED], { deletingSince: AT }));
    expect(state).toMatchObject({ word: 'Deleting', second: 'Exhausted', since: AT });
  });

  test('A pool whose stored form cannot be read is "Unreadable".', () => {
    const pool = aPoolWith({ type: 'Unreadable', status: 'True', reason: 'Unreadable' });
    expect(poolState(pool)).toMatchObject({ word: 'Unreadable', group: 'failing' });
  });

  test('A state began when its condition changed.', () => {
    const pool = poolWith('a', [{ ...BUFFER_LOW, lastTransitionTime: AT }]);
    expect(poolState(pool).since).toBe(AT);
  });

  test('A ready pool that has settled began to be so when its last change ended.', () => {
    const settled = { ...progressing('Settled', 'False'), lastTransitionTime: AT };
    expect(poolState(poolWith('a', [READY, settled])).since).toBe(AT);
  });

  test('A pool without a status is "Unknown".', () => {
    expect(poolState(aPool())).toMatchObject({ key: 'unknown', since: undefined });
  });

  test('The states of a pool are in the order of their urgency.', () => {
    const all = [READY, DEGRADED, AT_POOL_MAX, progressing('Growing')];
    const order = statesOf(poolWith('a', all, { deletingSince: AT })).map(([key]) => URGENCY.indexOf(key));
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(order).toHaveLength(5);
  });

  test('No two states have the same word.', () => {
    const words = Object.values(STATES).map(({ word }) => word);
    expect(new Set(words).size).toBe(words.length);
  });
});

describe('What needs attention', () => {
  test.each([
    ['exhausted', [EXHAUSTED], true],
    ['degraded', [READY, DEGRADED], true],
    ['at poolMax', [BUFFER_LOW, AT_POOL_MAX], true],
    ['low', [BUFFER_LOW], false],
    ['ready', [READY], false],
  ] as const)('Whether a pool that is %s needs attention depends on its state alone.', (_, conditions, expected) => {
    expect(needsAttention(poolWith('a', conditions), NOW_MS)).toBe(expected);
  });

  test('A new pool may be empty for a minute, unless poolMax or failing starts keep it so.', () => {
    const young = { generation: 1, createdAt: AT };
    expect(needsAttention(poolWith('a', [EXHAUSTED], young), NOW_MS + 59_999)).toBe(false);
    expect(needsAttention(poolWith('a', [EXHAUSTED], young), NOW_MS + 60_000)).toBe(true);
    expect(needsAttention(poolWith('a', [EXHAUSTED, AT_POOL_MAX], young), NOW_MS)).toBe(true);
    expect(needsAttention(poolWith('a', [EXHAUSTED, DEGRADED], young), NOW_MS)).toBe(true);
  });
});
