import { describe, expect, test } from 'vitest';
import {
  countLabels,
  formatLabels,
  matchesLabels,
  parseLabels,
  toggleLabel,
} from '../../../src/dashboard/pages/overview/labels.ts';
import { poolWith, READY } from './pools.ts';

describe('The label filter', () => {
  test('A second value of a key widens the choice, and a second key narrows it.', () => {
    const choice = parseLabels('env in (ci,prod),team=ml');
    expect(matchesLabels(choice, { env: 'ci', team: 'ml' })).toBe(true);
    expect(matchesLabels(choice, { env: 'prod', team: 'ml' })).toBe(true);
    expect(matchesLabels(choice, { env: 'dev', team: 'ml' })).toBe(false);
    expect(matchesLabels(choice, { env: 'ci' })).toBe(false);
  });

  test('Choosing a label twice leaves the filter as it was.', () => {
    const once = toggleLabel(new Map(), 'env', 'prod');
    expect(formatLabels(toggleLabel(once, 'env', 'ci'))).toBe('env in (ci,prod)');
    expect(formatLabels(once)).toBe('env=prod');
    expect(toggleLabel(once, 'env', 'prod').size).toBe(0);
  });

  test('An empty value can be chosen.', () => {
    const choice = toggleLabel(new Map(), 'spot', '');
    expect(parseLabels(formatLabels(choice))).toEqual(choice);
    expect(matchesLabels(choice, { spot: '' })).toBe(true);
    expect(matchesLabels(choice, {})).toBe(false);
  });

  test('Labels are counted over all pools and ordered by key and value.', () => {
    const pools = [
      poolWith('a', [READY], { labels: { team: 'ml', env: 'prod' } }),
      poolWith('b', [READY], { labels: { env: 'ci' } }),
      poolWith('c', [READY], { labels: { env: 'prod' } }),
      poolWith('d', [READY]),
    ];
    expect(countLabels(pools)).toEqual([
      { key: 'env', value: 'ci', count: 1 },
      { key: 'env', value: 'prod', count: 2 },
      { key: 'team', value: 'ml', count: 1 },
    ]);
  });
});
