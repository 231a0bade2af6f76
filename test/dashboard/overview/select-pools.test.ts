import { describe, expect, test } from 'vitest';
import type { PoolResponse } from '../../../src/contract/pool.ts';
import type { PoolSummary } from '../../../src/contract/summary.ts';
import { selectPools } from '../../../src/dashboard/pages/overview/select-pools.ts';
import { parseView } from '../../../src/dashboard/pages/overview/view.ts';
import { AT_POOL_MAX, BUFFER_LOW, EXHAUSTED, poolWith, READY } from './pools.ts';

const POOLS = [
  poolWith('web-agents', [READY], { labels: { team: 'web', env: 'prod' } }),
  poolWith('ml-notebooks', [EXHAUSTED], { labels: { team: 'ml', env: 'prod' } }),
  poolWith('ci-linux', [BUFFER_LOW, AT_POOL_MAX], { labels: { team: 'web', env: 'ci' } }),
  poolWith('api-agents', [READY]),
];

const RATES: Readonly<Record<string, number>> = { 'web-agents': 3, 'ci-linux': 400 };

const summaryOf = ({ name, uid }: PoolResponse): PoolSummary | undefined => {
  const claimsPerMinute = RATES[name];
  if (claimsPerMinute === undefined) return undefined;
  return { name, uid, unmet: 0, claimsPerMinute, available: [], availableStepSeconds: 30 };
};

const select = (search: string) => selectPools(POOLS, summaryOf, parseView(new URLSearchParams(search)));

describe('The pools that a view shows', () => {
  test('Pools are ordered by the urgency of their state, then by name.', () => {
    expect(select('').names).toEqual(['ml-notebooks', 'ci-linux', 'api-agents', 'web-agents']);
  });

  test('A reversed order begins with what is not urgent.', () => {
    expect(select('sort=-state').names.at(-1)).toBe('ml-notebooks');
  });

  test('Pools without a value come last in both directions.', () => {
    expect(select('sort=claims').names).toEqual(['ci-linux', 'web-agents', 'api-agents', 'ml-notebooks']);
    expect(select('sort=-claims').names).toEqual(['web-agents', 'ci-linux', 'api-agents', 'ml-notebooks']);
  });

  test('Every word of the text has to be in the name or in a label.', () => {
    expect(select('q=AGENTS').names).toEqual(['api-agents', 'web-agents']);
    expect(select('q=agents+team%3Dweb').names).toEqual(['web-agents']);
    expect(select('q=web').names).toEqual(['ci-linux', 'web-agents']);
  });

  test('The counts of the state filter follow the other filters, and not the state filter itself.', () => {
    const counts = { all: 2, failing: 0, low: 1, changing: 0, ready: 1 };
    expect(select('q=team%3Dweb')).toMatchObject({ names: ['ci-linux', 'web-agents'], counts });
    expect(select('q=team%3Dweb&state=ready')).toMatchObject({ names: ['web-agents'], counts });
  });

  test('Labels and state narrow the choice together.', () => {
    expect(select('label=env%3Dprod&state=failing').names).toEqual(['ml-notebooks']);
  });
});
