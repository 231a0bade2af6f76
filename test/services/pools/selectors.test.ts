// What label selectors and name prefixes match; test/cluster/selectors.test.ts compares the same table with Kubernetes.
import { describe, expect, test } from 'vitest';
import { LabelSelector } from '../../../src/contract/label-selector.ts';
import type { PoolSelectors } from '../../../src/contract/list-options.ts';
import { pageOf } from '../../../src/services/pools/pool-page.ts';
import type { Pool } from '../../../src/services/pools/pool.ts';
import { storedPool } from '../../support/pools.ts';
import { BROKEN, LABELLED, SELECTORS } from '../../support/selectors.ts';

const labelled = Object.entries(LABELLED).map(([name, labels]) => storedPool(name, labels));
const namesIn = (pools: readonly Pool[]) => pools.map(({ name }) => name);

describe('A label selector', () => {
  test.each(SELECTORS)('The label selector %j selects %s', (labelSelector, names) => {
    expect(namesIn(pageOf(labelled, { labelSelector }).pools).join('')).toBe(names);
  });

  test.each(BROKEN)('The label selector %j is refused with the reason', (selector) => {
    const { error } = LabelSelector.safeParse(selector);
    expect(error?.issues).toMatchObject([
      {
        message: expect.stringMatching(
          /^(ends where .+ is expected|has .+ (where .+ is expected|which is not a valid .+))$/,
        ) as string,
      },
    ]);
  });

  test('A label selector of more than 8192 characters is refused', () => {
    const selector = (length: number) => 'a,'.repeat(length / 2 - 1).padEnd(length, 'a');
    expect(LabelSelector.safeParse(selector(8_192)).success).toBe(true);
    expect(LabelSelector.safeParse(selector(8_194)).success).toBe(false);
  });

  test('A label selector does not match properties that every JavaScript object has', () => {
    for (const labelSelector of ['constructor', 'toString', 'hasOwnProperty'])
      expect(pageOf(labelled, { labelSelector }).pools).toEqual([]);
  });
});

test('namePrefix selects by the start of the name, together with labelSelector', () => {
  const pools = ['a', 'a-b', 'ab', 'b', 'ba'].map((name) => storedPool(name, { length: String(name.length) }));
  const select = (selectors: PoolSelectors) => namesIn(pageOf(pools, selectors).pools);
  expect(select({ namePrefix: 'a' })).toEqual(['a', 'a-b', 'ab']);
  expect(select({ namePrefix: 'a', labelSelector: 'length=2' })).toEqual(['ab']);
  expect(select({ namePrefix: 'A' })).toEqual([]);
  expect(select({ namePrefix: '' })).toEqual(namesIn(pools));
});
