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

describe('GET /v1/pool-events', () => {
  test('The data of every event follows the schema, and its type is the name of the event', async () => {
    const { call, watch } = await withPools('a');
    const stream = await watch('?lastEventId=unknown');
    const received = await stream.until('bookmark');
    await call('PATCH', '/pools/a', { json: { labels: { x: 'y' } } });
    received.push(...(await stream.until('modified')));
    await call('DELETE', '/pools/a');
    received.push(...(await stream.until('deleted')));
    expect(received.map(brief)).toEqual(['reset', 'added a', 'bookmark', 'modified a', 'deleted a']);
    for (const { event, data } of received)
      expect(PoolStreamEvent.parse(data, { reportInput: true })).toEqual({ ...data, type: event });
  });

  test('The head of the stream forbids caching and has a request id', async () => {
    const { watch } = await withPools();
    expect(Object.fromEntries((await watch()).response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-request-id': expect.any(String) as string,
    });
  });

  test('Events have pools without templates, with the ETag that GET returns', async () => {
    const { call, watch } = await withPools('a');
    const [added] = await (await watch()).until('added');
    const { etag, template, ...rest } = (await call('GET', '/pools/a')).body as Record<string, unknown>;
    expect(template).toBeDefined();
    expect(added?.data?.pool).toEqual({ etag, ...rest });
  });

  test('A stream resumes from the header or the query, and the header takes precedence', async () => {
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

  test('labelSelector, namePrefix and name narrow the stream', async () => {
    const { call, watch } = await withPools('a', 'ab', 'b');
    await call('PATCH', '/pools/ab', { json: { labels: { team: 'x' } } });
    const initial = async (query: string) => (await (await watch(query)).until('bookmark')).map(brief);
    expect(await initial('?labelSelector=team%3Dx')).toEqual(['added ab', 'bookmark']);
    expect(await initial('?namePrefix=a&labelSelector=%21team')).toEqual(['added a', 'bookmark']);
    expect(await initial('?name=b')).toEqual(['added b', 'bookmark']);
  });

  test('The stream ends when the server stops', async () => {
    const { stop, watch } = await withPools();
    const stream = await watch();
    await stream.until('bookmark');
    const stopping = stop();
    expect(await stream.next()).toBeUndefined();
    await stopping;
  });

  test('The stream of a client that disconnects is no longer counted, and its request is logged', async () => {
    const { call, log, watch } = await withPools();
    const clients = async () => /^warmpool_stream_clients (\d+)$/m.exec((await call('GET', '/metrics')).text)?.[1];
    const stream = await watch();
    await stream.until('bookmark');
    expect(await clients()).toBe('1');
    stream.close();
    await expect.poll(clients).toBe('0');
    expect(log.find(({ path }) => path === '/v1/pool-events')).toMatchObject({ operation: 'pools.watch', status: 200 });
  });

  test('A client that stops reading receives the newest state of each pool when it continues', async () => {
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

describe('An invalid request', () => {
  test('A stream without a key or with a wrong one is refused with 401', async () => {
    const { call } = await startTestServer();
    expect(await call('GET', '/v1/pool-events', { key: null })).toMatchObject({ status: 401 });
    expect(await call('GET', '/v1/pool-events', { key: 'wrong' })).toMatchObject({ body: { code: 'INVALID_API_KEY' } });
  });

  test.each([
    ['labelSelector=a%20b', ['query', 'labelSelector']],
    ['namePrefx=a', ['query', 'namePrefx']],
    ['name=a&name=b', ['query', 'name']],
    ['limit=3', ['query', 'limit']],
  ])('A stream with the query %s is refused with 422', async (query, path) => {
    const { call } = await startTestServer();
    const response = await call('GET', `/v1/pool-events?${query}`);
    expect(response).toMatchObject({ status: 422, body: { code: 'REQUEST::INVALID', errors: [{ path }] } });
  });

  test('A stream with a header that it does not support is refused with 422', async () => {
    const { call } = await startTestServer();
    const response = await call('GET', '/v1/pool-events', { headers: { 'If-Match': '*' } });
    expect(response).toMatchObject({ status: 422, body: { errors: [{ path: ['header', 'If-Match'] }] } });
  });

  test('The stream is served under /v1 only, for GET and HEAD', async () => {
    const { call } = await startTestServer();
    const response = await call('POST', '/v1/pool-events');
    expect([response.status, response.headers.get('Allow')]).toEqual([405, 'GET, HEAD']);
    expect((await call('GET', '/pool-events')).status).toBe(404);
    expect(await call('HEAD', '/v1/pool-events')).toMatchObject({ status: 200, text: '' });
  });

  test('A runtime without pools refuses streams', async () => {
    const { call } = await startTestServer({ config: (config) => ({ ...config, runtime: 'docker' }) });
    expect(await call('GET', '/v1/pool-events')).toMatchObject({ body: { code: 'KUBERNETES::POOL_NOT_SUPPORTED' } });
  });
});
