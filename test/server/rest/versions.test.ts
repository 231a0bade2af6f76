// ETags of responses, and conditional reads.
import { describe, expect, test } from 'vitest';
import type { PoolResponse } from '../../../src/contract/pool.ts';
import { capacity, poolNamed } from '../../support/pools.ts';
import { startTestServer, type Answer } from '../../support/test-server.ts';

const withPools = async (...names: string[]) => {
  const server = await startTestServer();
  for (const name of names) await server.call('POST', '/pools', { json: poolNamed(name, { labels: { name } }) });
  const { call } = server;
  // The controller's first status of each pool is a new version; after it, pools without members are at rest.
  for (const name of names)
    await expect
      .poll(async () => (await call('GET', `/pools/${name}`)).body)
      .toHaveProperty('status.observedGeneration', 1);
  const tagOf = async (route: string) => (await call('GET', route)).headers.get('ETag') ?? '';
  return { ...server, tagOf };
};

const etagIn = ({ body }: Answer) => (body as PoolResponse).etag;
const STRONG = /^"[\x21\x23-\x7e]+"$/;

describe('The ETag', () => {
  test('The ETag of GET, POST, PUT and PATCH is strong and equal to the one in the body, and the response is private', async () => {
    const { call } = await withPools('a');
    const answers = [
      await call('POST', '/pools', { json: poolNamed('b') }),
      await call('GET', '/pools/a'),
      await call('PUT', '/pools/a', { json: { capacitySpec: capacity(0, 1) } }),
      await call('PATCH', '/pools/a', { json: { labels: { x: 'y' } } }),
    ];
    for (const answer of answers) {
      expect(answer.headers.get('ETag')).toMatch(STRONG);
      expect(answer.headers.get('ETag')).toBe(etagIn(answer));
      expect(answer.headers.get('Cache-Control')).toBe('private, no-cache');
    }
    expect(new Set(answers.map(etagIn)).size).toBe(4);
  });

  test('A list has the same ETag for a pool as the pool itself', async () => {
    const { call, tagOf } = await withPools('a', 'b');
    const list = await call('GET', '/pools');
    expect(list.headers.get('ETag')).toMatch(STRONG);
    expect(list.headers.get('Cache-Control')).toBe('private, no-cache');
    const { items } = list.body as { items: PoolResponse[] };
    expect(items.map(({ etag }) => etag)).toEqual([await tagOf('/pools/a'), await tagOf('/pools/b')]);
  });

  test('Members, decisions, dry runs, a DELETE and errors have no ETag', async () => {
    const { call } = await withPools('a');
    const answers = [
      await call('GET', '/pools/a/members'),
      await call('GET', '/pools/a/decisions'),
      await call('GET', '/pools/none'),
      await call('POST', '/pools?dryRun=true', { json: poolNamed('b') }),
      await call('PATCH', '/pools/a?dryRun=true', { json: {} }),
      await call('DELETE', '/pools/a'),
    ];
    expect(answers.map(({ headers }) => headers.get('ETag'))).toEqual(answers.map(() => null));
  });

  test('The ETag changes with the specification, the metadata and the status, and with nothing else', async () => {
    const { call, tagOf } = await withPools('a');
    const tags = [await tagOf('/pools/a')];
    await call('PATCH', '/pools/a', { json: {} });
    expect(await tagOf('/pools/a')).toBe(tags[0]);
    await call('PATCH', '/pools/a', { json: { annotations: { x: 'y' } } });
    tags.push(await tagOf('/pools/a'));
    await call('PATCH', '/pools/a', { json: { capacitySpec: capacity(1, 1) } });
    const available = async () => ((await call('GET', '/pools/a')).body as PoolResponse).status?.available;
    tags.push(await tagOf('/pools/a'));
    await expect.poll(available).toBe(1);
    tags.push(await tagOf('/pools/a'));
    expect(new Set(tags).size).toBe(4);
  });

  test('The ETag of a list changes when any of its pools is created, changed or deleted', async () => {
    const { call, tagOf } = await withPools('a', 'b');
    const tags = [await tagOf('/pools')];
    expect(await tagOf('/pools')).toBe(tags[0]);
    for (const [method, route, json] of [
      ['PATCH', '/pools/b', { labels: { x: 'y' } }],
      ['POST', '/pools', poolNamed('c')],
      ['DELETE', '/pools/a', undefined],
    ] as const) {
      await call(method, route, { json });
      tags.push(await tagOf('/pools'));
    }
    expect(new Set(tags).size).toBe(4);
  });

  test('The ETag of a list differs between pages and selectors', async () => {
    const { call, tagOf } = await withPools('a', 'b', 'c');
    const first = (await call('GET', '/pools?limit=1')).body as { continue: string };
    const routes = [
      '',
      '?limit=1',
      '?limit=2',
      `?limit=1&continue=${first.continue}`,
      '?labelSelector=name%3Da',
      '?labelSelector=name%3Db',
    ];
    const tags = await Promise.all(routes.map((query) => tagOf(`/pools${query}`)));
    expect(new Set(tags).size).toBe(routes.length);
  });
});

describe('Location', () => {
  test.each(['', '/v1'])('The Location of a new pool has the base path of the request: "%s"', async (base) => {
    const { call } = await startTestServer();
    const created = await call('POST', `${base}/pools`, { json: poolNamed('a') });
    expect([created.status, created.headers.get('Location')]).toEqual([201, `${base}/pools/a`]);
    const found = await call('GET', created.headers.get('Location') ?? '');
    expect((found.body as PoolResponse).uid).toBe((created.body as PoolResponse).uid);
  });
});

describe('If-None-Match', () => {
  const others = '"x", "uid.1.0.1"';
  test.each([
    ['the tag', (tag: string) => tag],
    ['the tag marked as weak', (tag: string) => `W/${tag}`],
    ['a list that contains the tag', (tag: string) => `${others}, ${tag}`],
    ['a list without spaces that contains the weak tag', (tag: string) => `"x",W/${tag},"y"`],
    ['*', () => '*'],
  ])('If-None-Match with %s responds with 304, with its headers and without a body', async (_what, asking) => {
    const { call, tagOf } = await withPools('a');
    for (const route of ['/pools/a', '/v1/pools/a', '/pools', '/pools?limit=5']) {
      const tag = await tagOf(route);
      const answer = await call('GET', route, { headers: { 'If-None-Match': asking(tag) } });
      expect([route, answer.status, answer.text]).toEqual([route, 304, '']);
      expect(answer.headers.get('ETag')).toBe(tag);
      expect(answer.headers.get('Cache-Control')).toBe('private, no-cache');
      expect(answer.headers.get('Content-Type')).toBeNull();
    }
  });

  test.each([
    ['other tags', () => others],
    ['the tag without its quotes', (tag: string) => tag.slice(1, -1)],
    ['the beginning of the tag', (tag: string) => `${tag.slice(0, -3)}"`],
    ['an empty value', () => ''],
  ])('If-None-Match with %s responds with 200', async (_what, asking) => {
    const { call, tagOf } = await withPools('a');
    const answer = await call('GET', '/pools/a', { headers: { 'If-None-Match': asking(await tagOf('/pools/a')) } });
    expect(answer).toMatchObject({ status: 200, body: { name: 'a' } });
  });

  test('If-None-Match with an ETag from before a change responds with 200 and the current state', async () => {
    const { call, tagOf } = await withPools('a');
    const [ofPool, ofList] = [await tagOf('/pools/a'), await tagOf('/pools')];
    await call('PATCH', '/pools/a', { json: { labels: { new: 'label' } } });
    const pool = await call('GET', '/pools/a', { headers: { 'If-None-Match': ofPool } });
    expect(pool).toMatchObject({ status: 200, body: { labels: { new: 'label' } } });
    expect((await call('GET', '/pools', { headers: { 'If-None-Match': ofList } })).status).toBe(200);
  });

  test('If-None-Match works for each view', async () => {
    const { call, tagOf } = await withPools('a');
    for (const route of ['/pools/a?view=basic', '/pools/a?view=full', '/pools?view=full']) {
      const headers = { 'If-None-Match': await tagOf(route) };
      expect((await call('GET', route, { headers })).status).toBe(304);
    }
  });

  test('A GET of a pool that does not exist responds with 404, whatever its If-None-Match', async () => {
    const { call } = await startTestServer();
    expect((await call('GET', '/pools/none', { headers: { 'If-None-Match': '*' } })).status).toBe(404);
  });
});
