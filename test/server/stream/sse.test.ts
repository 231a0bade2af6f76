// GET /v1/pool-events over a real connection.
import { describe, expect, test } from 'vitest';
import { PoolStreamEvent } from '../../../src/contract/pool-event.ts';
import { brief, openEventStream } from '../../support/event-stream.ts';
import { poolNamed } from '../../support/pools.ts';
import { startTestServer } from '../../support/test-server.ts';

const withPools = async (...names: string[]) => {
  const server = await startTestServer();
  for (const name of names) await server.call('POST', '/pools', { json: poolNamed(name) });
  await expect.poll(async () => JSON.stringify((await server.call('GET', '/pools')).body)).not.toContain('Growing');
  const watch = (query = '', headers = {}) => openEventStream(`${server.url}/v1/pool-events${query}`, headers);
  return { ...server, watch };
};

describe('the stream', () => {
  test('is the present state, a bookmark and every change, each as the contract says', async () => {
    const { call, watch } = await withPools('a');
    const stream = await watch();
    expect(Object.fromEntries(stream.response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-request-id': expect.any(String) as string,
    });
    const initial = await stream.until('bookmark');
    expect(initial.map(brief)).toEqual(['added a', 'bookmark']);
    await call('PATCH', '/pools/a', { json: { labels: { x: 'y' } } });
    const [modified] = await stream.until('modified');
    await call('DELETE', '/pools/a');
    const deleted = (await stream.until('deleted')).at(-1);
    for (const it of [...initial, modified, deleted])
      PoolStreamEvent.parse({ type: it?.event, ...it?.data }, { reportInput: true });
    expect(deleted?.data).toMatchObject({ name: 'a' });
  });

  test('sends pools without templates, with the ETag that GET answers', async () => {
    const { call, watch } = await withPools('a');
    const [added] = await (await watch()).until('added');
    const { etag, template, ...rest } = (await call('GET', '/pools/a')).body as Record<string, unknown>;
    expect(template).toBeDefined();
    expect(added?.data?.pool).toEqual({ etag, ...rest });
  });

  test('goes on where it was cut off, by header or query; the header wins', async () => {
    const { call, watch } = await withPools('a', 'b');
    const first = await watch();
    const id = (await first.until('bookmark')).at(-1)?.id ?? '';
    first.close();
    await call('PATCH', '/pools/b', { json: { labels: { x: 'y' } } });
    const resumes = [
      await watch('', { 'Last-Event-ID': id }),
      await watch(`?lastEventId=${id}`),
      await watch('?lastEventId=nonsense', { 'Last-Event-ID': id }),
    ];
    for (const stream of resumes)
      expect((await stream.until('bookmark')).map(brief)).toEqual(['modified b', 'bookmark']);
    const unknown = await watch('?lastEventId=nonsense');
    expect((await unknown.until('bookmark')).map(brief)).toEqual(['reset', 'added a', 'added b', 'bookmark']);
  });

  test('is narrowed by labelSelector, namePrefix and name', async () => {
    const { call, watch } = await withPools('a', 'ab', 'b');
    await call('PATCH', '/pools/ab', { json: { labels: { team: 'x' } } });
    const told = async (query: string) => (await (await watch(query)).until('bookmark')).map(brief);
    expect(await told('?labelSelector=team%3Dx')).toEqual(['added ab', 'bookmark']);
    expect(await told('?namePrefix=a&labelSelector=%21team')).toEqual(['added a', 'bookmark']);
    expect(await told('?name=b')).toEqual(['added b', 'bookmark']);
  });

  test('ends when the server stops', async () => {
    const { stop, watch } = await withPools();
    const stream = await watch();
    await stream.until('bookmark');
    const stopping = stop();
    expect(await stream.next()).toBeUndefined();
    await stopping;
  });

  test('of a reader that is gone is closed: it counts no more, and its request is logged as served', async () => {
    const { call, log, watch } = await withPools();
    const clients = async () => /^warmpool_stream_clients (\d+)$/m.exec((await call('GET', '/metrics')).text)?.[1];
    const stream = await watch();
    await stream.until('bookmark');
    expect(await clients()).toBe('1');
    stream.close();
    await expect.poll(clients).toBe('0');
    expect(log.find(({ path }) => path === '/v1/pool-events')).toMatchObject({ operation: 'pools.watch', status: 200 });
  });

  test('of a reader that reads nothing for a while is the newest state of each pool when it reads on', async () => {
    const { call, watch } = await withPools('a', 'b');
    const stream = await watch();
    await stream.until('bookmark');
    const owner = 'x'.repeat(100_000);
    for (let round = 1; round <= 150; round++)
      await call('PATCH', '/pools/a', { json: { annotations: { owner, round: String(round) } } });
    await call('DELETE', '/pools/b');
    const rounds = (await stream.until('deleted')).slice(0, -1);
    expect(rounds.length).toBeLessThan(150);
    expect(rounds.at(-1)?.data?.pool).toMatchObject({ annotations: { round: '150' } });
  });
});

describe('what is wrong is one clear answer before the stream begins', () => {
  test('a missing or wrong key', async () => {
    const { call } = await startTestServer();
    expect(await call('GET', '/v1/pool-events', { key: null })).toMatchObject({ status: 401 });
    expect(await call('GET', '/v1/pool-events', { key: 'wrong' })).toMatchObject({ body: { code: 'INVALID_API_KEY' } });
  });

  test.each([
    ['labelSelector=a%20b', ['query', 'labelSelector']],
    ['namePrefx=a', ['query', 'namePrefx']],
    ['name=a&name=b', ['query', 'name']],
    ['limit=3', ['query', 'limit']],
  ])('the query %s', async (query, path) => {
    const { call } = await startTestServer();
    const answer = await call('GET', `/v1/pool-events?${query}`);
    expect(answer).toMatchObject({ status: 422, body: { code: 'REQUEST::INVALID', errors: [{ path }] } });
  });

  test('a header that asks for what a stream has not', async () => {
    const { call } = await startTestServer();
    const answer = await call('GET', '/v1/pool-events', { headers: { 'If-Match': '*' } });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: ['header', 'If-Match'] }] } });
  });

  test('another method, and a place at the root', async () => {
    const { call } = await startTestServer();
    const answer = await call('POST', '/v1/pool-events');
    expect([answer.status, answer.headers.get('Allow')]).toEqual([405, 'GET, HEAD']);
    expect((await call('GET', '/pool-events')).status).toBe(404);
    expect(await call('HEAD', '/v1/pool-events')).toMatchObject({ status: 200, text: '' });
  });

  test('a runtime without pools', async () => {
    const { call } = await startTestServer({ config: (config) => ({ ...config, runtime: 'docker' }) });
    expect(await call('GET', '/v1/pool-events')).toMatchObject({ body: { code: 'KUBERNETES::POOL_NOT_SUPPORTED' } });
  });
});
