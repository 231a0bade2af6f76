// GET /v1/pools/{name}/history and GET /v1/pool-summaries on a server, which has no samples yet.
import { expect, test } from 'vitest';
import { HISTORY_COLUMNS, type PoolHistory } from '../../../src/contract/history.ts';
import type { PoolSummaries } from '../../../src/contract/summary.ts';
import { createWarmpoolClient } from '../../../src/client/index.ts';
import { poolNamed } from '../../support/pools.ts';
import { LABELLED } from '../../support/selectors.ts';
import { API_KEY, startTestServer } from '../../support/test-server.ts';

const HISTORY = '/v1/pools/a/history';

const withPool = async () => {
  const server = await startTestServer();
  await server.call('POST', '/pools', { json: poolNamed('a') });
  return server;
};

test('A history has columns of equal length, which are null where nothing was sampled', async () => {
  const { call } = await withPool();
  const { status, body } = await call('GET', `${HISTORY}?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z`);
  expect(status).toBe(200);
  const { name, stepSeconds, columns } = body as PoolHistory;
  expect([name, stepSeconds]).toEqual(['a', 300]);
  expect(columns.time).toEqual(Array.from({ length: 12 }, (_, point) => 1_767_225_600 + point * 300));
  const { time, ...figures } = columns;
  expect(Object.keys(figures)).toEqual([...HISTORY_COLUMNS]);
  for (const column of Object.values(figures)) expect(column).toEqual(time.map(() => null));
});

test('Over tRPC, a history and summaries are the same as over REST', async () => {
  const { call, url } = await withPool();
  const client = createWarmpoolClient({ url, apiKey: API_KEY });
  const options = { from: '2026-01-01T00:00:00Z', to: '2026-01-01T01:00:00Z', step: 600 };
  const query = 'from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z&step=600';
  expect(await client.pools.history.query({ name: 'a', ...options })).toEqual(
    (await call('GET', `${HISTORY}?${query}`)).body,
  );
  expect(await client.pools.summaries.query()).toEqual((await call('GET', '/v1/pool-summaries')).body);
});

test('The history of a missing pool is 404, and only /v1 has it', async () => {
  const { call } = await withPool();
  expect(await call('GET', '/v1/pools/b/history')).toMatchObject({
    status: 404,
    body: { code: 'KUBERNETES::POOL_NOT_FOUND' },
  });
  expect(await call('GET', '/pools/a/history')).toMatchObject({ status: 404, body: { code: 'REQUEST::NOT_FOUND' } });
});

const TIME = 'must be an RFC 3339 time, such as 2026-01-01T12:00:00Z';
const STEP = 'must be a positive multiple of 10';

test.each([
  ['from=yesterday', 'from', TIME],
  ['from=2026-01-01', 'from', TIME],
  ['from=2026-01-01T12:00:00', 'from', TIME],
  ['to=2026-02-30T12:00:00Z', 'to', TIME],
  ['to=', 'to', TIME],
  ['step=15', 'step', STEP],
  ['step=0', 'step', STEP],
  ['step=-10', 'step', STEP],
  ['step=ten', 'step', STEP],
  ['from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'from', 'must be earlier than `to`'],
  [
    'from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&step=300',
    'step',
    'must be at least 900 for this range: a history has at most 3000 points',
  ],
])('A history with the query %s is 422 at %s: %s', async (query, parameter, message) => {
  const { call } = await withPool();
  expect(await call('GET', `${HISTORY}?${query}`)).toMatchObject({
    status: 422,
    body: { code: 'REQUEST::INVALID', errors: [{ path: ['query', parameter], message }] },
  });
});

test('Unknown parameters of histories and summaries are refused with the nearest known one', async () => {
  const { call } = await withPool();
  expect((await call('GET', `${HISTORY}?form=2026-01-01T00:00:00Z`)).body).toMatchObject({
    errors: [{ path: ['query', 'form'], message: expect.stringContaining('"from"') as string }],
  });
  expect((await call('GET', '/v1/pool-summaries?limit=5')).status).toBe(422);
});

test('Summaries are those of the pools that the selectors match, ordered by name', async () => {
  const { call } = await startTestServer();
  for (const [name, labels] of Object.entries(LABELLED))
    await call('POST', '/pools', { json: poolNamed(name, { labels }) });
  const names = async (query: string) =>
    ((await call('GET', `/v1/pool-summaries${query}`)).body as PoolSummaries).items.map(({ name }) => name).join('');
  expect(await names('')).toBe('abcdef');
  expect(await names('?labelSelector=team%20in%20(ads,%20search),%20tier')).toBe('ab');
  expect(await names('?namePrefix=b')).toBe('b');
  expect((await call('GET', '/v1/pool-summaries?labelSelector=a%20in%20(')).status).toBe(422);
});

test('Summaries have an ETag, and a request with the current one gets 304', async () => {
  const { call } = await withPool();
  let tag = '';
  // A sample may come between two requests.
  const status = async () => {
    const { headers } = await call('GET', '/v1/pool-summaries');
    tag = headers.get('ETag') ?? '';
    return (await call('GET', '/v1/pool-summaries', { headers: { 'If-None-Match': tag } })).status;
  };
  await expect.poll(status).toBe(304);
  expect(tag).toMatch(/^"[\w-]{22}"$/);
  expect((await call('GET', '/v1/pool-summaries', { headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
});

test('Histories and summaries need the key', async () => {
  const { call } = await withPool();
  for (const route of [HISTORY, '/v1/pool-summaries'])
    expect((await call('GET', route, { key: null })).status).toBe(401);
});
