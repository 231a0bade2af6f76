// GET /pools: selectors and pages, over REST and over tRPC.
import { describe, expect, test } from 'vitest';
import type { PoolList } from '../../../src/contract/pool.ts';
import { poolNamed } from '../../support/pools.ts';
import { LABELLED } from '../../support/selectors.ts';
import { startTestServer } from '../../support/test-server.ts';

type Options = Partial<Record<'limit' | 'continue' | 'labelSelector' | 'namePrefix' | 'view', string | number>>;

const withPools = async (pools: Readonly<Record<string, Readonly<Record<string, string>>>> = LABELLED) => {
  const { call } = await startTestServer();
  for (const [name, labels] of Object.entries(pools))
    await call('POST', '/pools', { json: poolNamed(name, { labels }) });
  const rest = async (options: Options) => {
    const texts = Object.entries(options).map(([name, value]): [string, string] => [name, String(value)]);
    return call('GET', `/v1/pools?${new URLSearchParams(texts).toString()}`);
  };
  const trpc = async (options: object) =>
    call('GET', `/trpc/pools.list?input=${encodeURIComponent(JSON.stringify(options))}`);
  const lists = {
    rest: async (options: Options) => (await rest(options)).body as PoolList,
    trpc: async (options: Options) => ((await trpc(options)).body as { result: { data: PoolList } }).result.data,
  };
  return { call, rest, trpc, lists };
};

const namesIn = ({ items }: PoolList) => items.map(({ name }) => name).join('');

describe.each([
  ['REST', 'rest'],
  ['tRPC', 'trpc'],
] as const)('Lists over %s', (transport, kind) => {
  test(`Over ${transport}, a list without options returns all pools and no field other than items`, async () => {
    const { lists } = await withPools();
    const list = await lists[kind]({});
    expect(namesIn(list)).toBe('abcdef');
    expect(Object.keys(list)).toEqual(['items']);
  });

  test(`Over ${transport}, labelSelector and namePrefix select pools`, async () => {
    const { lists } = await withPools();
    const list = lists[kind];
    expect(namesIn(await list({ labelSelector: 'team in (ads, search), tier' }))).toBe('ab');
    expect(namesIn(await list({ namePrefix: 'b' }))).toBe('b');
    expect(namesIn(await list({ namePrefix: 'b', labelSelector: '!team' }))).toBe('');
    expect(namesIn(await list({ namePrefix: '', labelSelector: '' }))).toBe('abcdef');
  });

  test(`Over ${transport}, pages lead to the last one, which has neither continue nor remainingItemCount`, async () => {
    const { lists } = await withPools();
    const list = lists[kind];
    const first = await list({ limit: 2, labelSelector: 'size' });
    expect([namesIn(first), first.remainingItemCount]).toEqual(['ab', 3]);
    const second = await list({ limit: 2, labelSelector: 'size', continue: first.continue ?? '' });
    expect([namesIn(second), second.remainingItemCount]).toEqual(['ce', 1]);
    const third = await list({ limit: 2, labelSelector: 'size', continue: second.continue ?? '' });
    expect(namesIn(third)).toBe('f');
    expect(Object.keys(third)).toEqual(['items']);
  });

  test(`Over ${transport}, a page that contains the end of the list is the last one`, async () => {
    const { lists } = await withPools();
    for (const limit of [6, 7, 1_000]) expect(Object.keys(await lists[kind]({ limit }))).toEqual(['items']);
  });

  test(`Over ${transport}, the next page may have another view`, async () => {
    const { lists } = await withPools();
    const first = await lists[kind]({ limit: 1, view: 'full' });
    expect(first.items[0]).toHaveProperty('template');
    const second = await lists[kind]({ limit: 1, view: 'basic', continue: first.continue ?? '' });
    expect(second.items[0]).not.toHaveProperty('template');
    expect(namesIn(second)).toBe('b');
  });
});

test('Later pages and their counts include what has changed since the previous page', async () => {
  const { call, lists } = await withPools();
  const first = await lists.rest({ limit: 2 });
  await call('DELETE', '/pools/b');
  await call('DELETE', '/pools/d');
  for (const name of ['a0', 'e0', 'g']) await call('POST', '/pools', { json: poolNamed(name) });
  const second = await lists.rest({ limit: 2, continue: first.continue ?? '' });
  expect(second).toMatchObject({ items: [{ name: 'c' }, { name: 'e' }], remainingItemCount: 3 });
  const third = await lists.rest({ limit: 9, continue: second.continue ?? '' });
  expect(third.items.map(({ name }) => name)).toEqual(['e0', 'f', 'g']);
});

describe('Invalid list options', () => {
  test.each(['0', '1001', '-1', 'abc', '', '1.5', '1e2', ' 1', '99999999999999999999'])(
    'A list with limit=%s is refused with its path',
    async (limit) => {
      const { rest } = await withPools({});
      expect(await rest({ limit })).toMatchObject({
        status: 422,
        body: {
          code: 'REQUEST::INVALID',
          errors: [{ path: ['query', 'limit'], message: 'must be an integer from 1 to 1000' }],
        },
      });
    },
  );

  test.each([0, 1_001, -1, '5', 1.5, null, true])('Over tRPC, the limit %j is refused with its path', async (limit) => {
    const { trpc } = await withPools({});
    expect(await trpc({ limit })).toMatchObject({
      status: 422,
      body: { error: { data: { errors: [{ path: ['limit'] }] } } },
    });
  });

  test('A continuation token that is garbled, truncated, empty, or from a list with other selectors is refused with its path', async () => {
    const { rest, trpc, lists } = await withPools();
    const token = (await lists.rest({ limit: 1, namePrefix: '', labelSelector: 'team' })).continue ?? '';
    expect(token).not.toBe('');
    const wrong = [
      { continue: token },
      { continue: token, labelSelector: 'team', namePrefix: 'b' },
      { continue: token, labelSelector: ' team' },
      ...['', 'a', 'b', `${token}A`, token.slice(1), token.slice(0, -1), `B${token.slice(1)}`].map((garbled) => ({
        continue: garbled,
        labelSelector: 'team',
      })),
    ];
    for (const options of wrong) {
      expect([options, await rest(options)]).toMatchObject([
        options,
        { status: 422, body: { code: 'REQUEST::INVALID', errors: [{ path: ['query', 'continue'] }] } },
      ]);
      expect(await trpc(options)).toMatchObject({ body: { error: { data: { errors: [{ path: ['continue'] }] } } } });
    }
  });

  test('An invalid selector is reported together with all other violations', async () => {
    const { rest, trpc } = await withPools({});
    const refused = await rest({ labelSelector: 'team in ads', limit: 0, view: 'x' });
    expect((refused.body as { errors: { path: string[] }[] }).errors.map(({ path }) => path).sort()).toEqual([
      ['query', 'labelSelector'],
      ['query', 'limit'],
      ['query', 'view'],
    ]);
    expect(refused.text).toContain('has \\"ads\\" where \\"(\\" is expected');
    expect(await trpc({ labelSelector: 5, namePrefix: 5 })).toMatchObject({
      body: { error: { data: { errors: [{ path: ['labelSelector'] }, { path: ['namePrefix'] }] } } },
    });
  });
});
