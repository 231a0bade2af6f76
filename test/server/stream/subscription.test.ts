// The subscription pools.watch, as tRPC sends it.
import { expect, test } from 'vitest';
import { openEventStream } from '../../support/event-stream.ts';
import { poolNamed } from '../../support/pools.ts';
import { startTestServer } from '../../support/test-server.ts';

const subscribe = async () => {
  const server = await startTestServer();
  await server.call('POST', '/pools', { json: poolNamed('a') });
  const watch = (input: object, query = '') =>
    openEventStream(`${server.url}/trpc/pools.watch?input=${encodeURIComponent(JSON.stringify(input))}${query}`);
  return { ...server, watch };
};

test('A subscription yields each event with its type and a tracked id, and resumes after it', async () => {
  const { call, watch } = await subscribe();
  const stream = await watch({ name: 'a' });
  await stream.next();
  expect(await stream.next()).toMatchObject({ id: expect.any(String) as string, data: { type: 'added' } });
  const bookmark = await stream.next();
  expect(bookmark?.data).toEqual({ type: 'bookmark', resourceVersion: expect.any(String) as string });
  stream.close();
  await call('DELETE', '/pools/a');
  const resumed = await watch({ name: 'a' }, `&lastEventId=${bookmark?.id ?? ''}`);
  await resumed.next();
  const types = [(await resumed.next())?.data?.type, (await resumed.next())?.data?.type].filter(
    (type) => type !== 'modified',
  );
  expect(types).toEqual(['deleted', 'bookmark']);
});

test('An invalid input ends the subscription with an error that has the domain code', async () => {
  const { watch } = await subscribe();
  const stream = await watch({ labelSelector: '=' });
  await stream.next();
  expect(await stream.next()).toMatchObject({
    event: 'serialized-error',
    data: { data: { code: 'REQUEST::INVALID', errors: [{ path: ['labelSelector'] }] } },
  });
});

test('A server that stops ends the subscription with an error after which clients reconnect', async () => {
  const { stop, watch } = await subscribe();
  const stream = await watch({ name: 'none' });
  await stream.next();
  await stream.next();
  const stopping = stop();
  expect(await stream.next()).toMatchObject({
    event: 'serialized-error',
    data: { data: { code: 'SERVER::SHUTTING_DOWN' } },
  });
  await stopping;
});
