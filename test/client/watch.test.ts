// pools.watch of a real server: what it reports, and that it survives a restart.
import { expect, onTestFinished, test } from 'vitest';
import { createWarmpoolClient, type PoolStreamEvent, type WarmpoolClientError } from '../../src/client/index.ts';
import { poolNamed } from '../support/pools.ts';
import { API_KEY, startTestServer, temporaryFolder, type TestServer } from '../support/test-server.ts';

const watch = ({ url }: TestServer, input?: { namePrefix: string }) => {
  const client = createWarmpoolClient({ url, apiKey: API_KEY });
  const seen: { events: PoolStreamEvent[]; states: string[]; errors: unknown[] } = {
    events: [],
    states: [],
    errors: [],
  };
  const subscription = client.pools.watch.subscribe(input, {
    onData: ({ data }) => seen.events.push(data),
    onConnectionStateChange: ({ state, error }) =>
      seen.states.push((error as WarmpoolClientError | null)?.code ?? state),
    onError: (error) => seen.errors.push(error),
  });
  onTestFinished(() => {
    subscription.unsubscribe();
  });
  const types = () => seen.events.map((event) => ('pool' in event ? `${event.type} ${event.pool.name}` : event.type));
  return { client, seen, types };
};

test('A watch reports the current pools and every change', async () => {
  const server = await startTestServer();
  await server.call('POST', '/pools', { json: poolNamed('a-1') });
  await server.call('POST', '/pools', { json: poolNamed('b') });
  const { client, types } = watch(server, { namePrefix: 'a-' });
  await expect.poll(types).toEqual(['added a-1', 'bookmark']);
  await client.pools.patch.mutate({ name: 'a-1', labels: { x: 'y' } });
  await expect.poll(() => types().includes('modified a-1')).toBe(true);
  await client.pools.delete.mutate({ name: 'a-1' });
  await expect.poll(() => types().at(-1)).toBe('deleted');
});

test('A watch resumes after the server restarts', async () => {
  const dataDir = temporaryFolder();
  const first = await startTestServer({ dataDir });
  const { seen, types } = watch(first);
  await expect.poll(types).toEqual(['bookmark']);
  await first.stop();
  await expect.poll(() => seen.states).toContain('SERVER::SHUTTING_DOWN');
  const port = Number(new URL(first.url).port);
  const second = await startTestServer({
    dataDir,
    config: (config) => ({ ...config, server: { ...config.server, port } }),
  });
  await second.call('POST', '/pools', { json: poolNamed('a') });
  await expect.poll(types, { timeout: 10_000 }).toContain('added a');
  expect(seen.errors).toEqual([]);
});
