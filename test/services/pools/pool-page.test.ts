// Pages of lists stay correct while pools are created and deleted, and a token is valid for its list only.
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { PageOptions, PoolSelectors } from '../../../src/contract/list-options.ts';
import { openDatabase } from '../../../src/services/local/sqlite/database.ts';
import { sqliteStore } from '../../support/sqlite-store.ts';
import { pageOf } from '../../../src/services/pools/pool-page.ts';
import type { Pool } from '../../../src/services/pools/pool.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { specification, storedPool } from '../../support/pools.ts';
import { LABELLED } from '../../support/selectors.ts';
import { temporaryFolder } from '../../support/test-server.ts';

const labelled = Object.entries(LABELLED).map(([name, labels]) => storedPool(name, labels));
const namesIn = (pools: readonly Pool[]) => pools.map(({ name }) => name);

/** Every page, from the first on; `between` runs between them. */
const pagesOf = async (
  list: (page: PageOptions) => Promise<ReturnType<typeof pageOf>> | ReturnType<typeof pageOf>,
  limit: number,
  between: (round: number) => Promise<void> | void = () => undefined,
) => {
  const pages = [await list({ limit })];
  for (let more = pages[0]?.more; more !== undefined; more = pages.at(-1)?.more) {
    await between(pages.length);
    pages.push(await list({ limit, continue: more.token }));
  }
  return pages;
};

test('Pages of any size contain every pool once and in order, and each reports how many follow', async () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,5}[a-z0-9])?$/), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      names,
      fc.integer({ min: 1, max: 45 }),
      fc.constantFrom('', 'a', '0'),
      async (unordered, limit, namePrefix) => {
        const pools = unordered.sort((one, other) => (one < other ? -1 : 1)).map((name) => storedPool(name));
        const selected = namesIn(pools).filter((name) => name.startsWith(namePrefix));
        const pages = await pagesOf((page) => pageOf(pools, { ...page, namePrefix }), limit);
        expect(pages.flatMap((page) => namesIn(page.pools))).toEqual(selected);
        expect(pages).toHaveLength(Math.max(1, Math.ceil(selected.length / limit)));
        for (const [index, { more }] of pages.entries())
          expect(more?.count).toBe(index === pages.length - 1 ? undefined : selected.length - (index + 1) * limit);
      },
    ),
  );
});

describe('A continuation token', () => {
  const first = pageOf(labelled, { limit: 2, labelSelector: 'team', namePrefix: '' });
  const token = first.more?.token ?? '';
  const refused = (text: string, selectors: PoolSelectors = { labelSelector: 'team' }) => {
    expect(() => pageOf(labelled, { ...selectors, limit: 2, continue: text })).toThrow(
      expect.objectContaining({
        code: 'REQUEST::INVALID',
        violations: [expect.objectContaining({ path: ['continue'] })],
      }),
    );
  };

  test('A continuation token continues after the last name of its page, even if that pool was deleted or the limit differs', () => {
    const rest = labelled.filter(({ name }) => name !== 'b');
    for (const limit of [1, 5, undefined])
      expect(namesIn(pageOf(rest, { limit, labelSelector: 'team', continue: token }).pools)[0]).toBe('c');
  });

  test('A continuation token past the end of a list that became shorter leads to an empty last page', () => {
    expect(pageOf(labelled.slice(0, 1), { labelSelector: 'team', continue: token })).toEqual({ pools: [] });
  });

  test('A continuation token with other selectors is refused', () => {
    for (const selectors of [
      {},
      { labelSelector: 'tier' },
      { labelSelector: 'team', namePrefix: 'a' },
      { namePrefix: 'team' },
    ])
      refused(token, selectors);
  });

  test('A continuation token with any character changed, removed or added is refused', () => {
    const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/.~ ü';
    refused('');
    for (let index = 0; index < token.length; index++) {
      for (const character of characters)
        if (character !== token[index]) refused(`${token.slice(0, index)}${character}${token.slice(index + 1)}`);
      refused(token.slice(0, index));
      refused(`${token.slice(0, index)}${token.slice(index + 1)}`);
    }
    for (const character of characters) refused(`${token}${character}`);
  });
});

test('Of 10000 pools read by 500 while others are created and deleted, each that exists throughout is on exactly one page', async () => {
  const database = openDatabase(path.join(temporaryFolder(), 'warmpool.db'));
  onTestFinished(() => {
    database.close();
  });
  const store = sqliteStore(database, new FakeClock());
  const nameOf = (index: number) => `p${String(index).padStart(5, '0')}`;
  const made = Array.from({ length: 10_000 }, (_, index) => nameOf(index));
  for (const name of made) await store.create(name, specification());
  const isDeleted = (index: number) => index % 7 === 0;
  const pages = await pagesOf(
    async (page) => pageOf(await store.list(), page),
    500,
    async (round) => {
      // Before, at and after the current position of the list.
      for (let index = round; index < 10_000; index += 200) {
        if (isDeleted(index)) await store.delete(nameOf(index), () => undefined).catch(() => undefined);
        await store.create(`${nameOf(index)}-${round}`, specification());
      }
    },
  );
  const seen = pages.flatMap(({ pools }) => namesIn(pools));
  expect(seen, 'in order, and none twice').toEqual([...new Set(seen)].sort());
  const throughout = made.filter((_name, index) => !isDeleted(index));
  const set = new Set(seen);
  expect(throughout.filter((name) => !set.has(name))).toEqual([]);
  expect(pages.length).toBeGreaterThan(20);
  expect((await store.list()).length).not.toBe(seen.length);
});
