import { describe, expect, test } from 'vitest';
import { attentionOrder, attentionTitle, nextTryMs } from '../../../src/dashboard/pages/overview/attention.ts';
import { AT_POOL_MAX, BUFFER_LOW, DEGRADED, EXHAUSTED, poolWith, READY } from './pools.ts';

const NOW_MS = Date.parse('2026-11-26T12:00:00Z');

describe('The pools that need attention', () => {
  test('Failing pools are listed before those at poolMax, and pools that are only low are not listed.', () => {
    const pools = [
      poolWith('low', [BUFFER_LOW]),
      poolWith('limited', [BUFFER_LOW, AT_POOL_MAX]),
      poolWith('ready', [READY]),
      poolWith('degraded', [READY, DEGRADED]),
      poolWith('exhausted', [EXHAUSTED]),
    ];
    expect(attentionOrder(pools, NOW_MS)).toEqual(['exhausted', 'degraded', 'limited']);
  });

  test('Of two pools in the same state, the one that has been in it longer comes first.', () => {
    const since = (lastTransitionTime: string) => [{ ...EXHAUSTED, lastTransitionTime }];
    const pools = [poolWith('a', since('2026-11-26T12:00:00Z')), poolWith('b', since('2026-11-26T11:00:00Z'))];
    expect(attentionOrder(pools, NOW_MS)).toEqual(['b', 'a']);
  });

  test('A new pool without members is listed once its first minute is over.', () => {
    const pools = [poolWith('a', [EXHAUSTED], { generation: 1, createdAt: '2026-11-26T12:00:00Z' })];
    expect(attentionOrder(pools, NOW_MS + 59_000)).toEqual([]);
    expect(attentionOrder(pools, NOW_MS + 60_000)).toEqual(['a']);
  });

  test.each([
    [0, 12, 'None of 12 pools needs attention'],
    [1, 12, '1 of 12 pools needs attention'],
    [3, 12, '3 of 12 pools need attention'],
    [2, 2, 'All 2 pools need attention'],
    [0, 1, 'The pool is fine'],
    [1, 1, 'The pool needs attention'],
  ])('The title for %i of %i pools is "%s".', (count, total, title) => {
    expect(attentionTitle(count, total)).toBe(title);
  });

  test('The time of the next start of a degraded pool is read from the message of its condition.', () => {
    expect(nextTryMs(poolWith('a', [EXHAUSTED, DEGRADED]))).toBe(Date.parse('2026-11-26T12:06:41Z'));
  });

  test('A pool whose starts succeed has no time of a next start.', () => {
    expect(nextTryMs(poolWith('a', [EXHAUSTED]))).toBeUndefined();
  });
});
