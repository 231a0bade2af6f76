// The client against a real server: queries, mutations, options.
import { describe, expect, test } from 'vitest';
import { createWarmpoolClient } from '../../src/client/index.ts';
import { capacity, poolNamed } from '../support/pools.ts';
import { API_KEY, startTestServer } from '../support/test-server.ts';
import { startHttpServer } from './raw-server.ts';

test('A client creates, reads, changes and deletes a pool', async () => {
  const { url } = await startTestServer();
  const client = createWarmpoolClient({ url, apiKey: API_KEY });
  expect(await client.pools.create.mutate(poolNamed('a'))).toMatchObject({ name: 'a', generation: 1 });
  expect(await client.pools.create.mutate({ ...poolNamed('b'), view: 'basic' })).not.toHaveProperty('template');
  expect((await client.pools.list.query()).items.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(await client.pools.get.query({ name: 'a', view: 'basic' })).not.toHaveProperty('template');
  await client.pools.update.mutate({ name: 'a', capacitySpec: capacity(0, 4) });
  expect((await client.pools.patch.mutate({ name: 'a', labels: { x: 'y' } })).labels).toEqual({ x: 'y' });
  expect((await client.pools.members.query({ name: 'a' })).items).toEqual([]);
  expect((await client.pools.decisions.query({ name: 'a', limit: 1 })).items.length).toBeLessThan(2);
  await client.pools.delete.mutate({ name: 'a', force: true });
  expect((await client.pools.list.query({ view: 'full' })).items.map(({ name }) => name)).toEqual(['b']);
});

test('A client sends each call as its own request, with the key in a header and nowhere else', async () => {
  const seen: unknown[] = [];
  const { url } = await startHttpServer((request, response) => {
    seen.push([request.method, request.url, request.headers['open-sandbox-api-key']]);
    response.setHeader('Content-Type', 'application/json').end('{"result":{"data":{"items":[]}}}');
  });
  const client = createWarmpoolClient({ url: `${url}/prefix/`, apiKey: 'secret' });
  await Promise.all([client.pools.list.query(), client.pools.delete.mutate({ name: 'a' })]);
  expect(seen).toHaveLength(2);
  expect(seen).toContainEqual(['GET', '/prefix/trpc/pools.list', 'secret']);
  expect(seen).toContainEqual(['POST', '/prefix/trpc/pools.delete', 'secret']);
});

test('A client needs no key for a server without one', async () => {
  const { url } = await startTestServer({ apiKey: undefined });
  expect(await createWarmpoolClient({ url }).pools.list.query()).toEqual({ items: [] });
});

test('A client sends its additional headers with calls and with subscriptions, and its own headers take precedence', async () => {
  const seen: unknown[] = [];
  const { url } = await startHttpServer((request, response) => {
    const { 'x-team': team, 'content-type': type, 'open-sandbox-api-key': key } = request.headers;
    seen.push([request.url?.split('?')[0], team, type, key]);
    response.setHeader('Content-Type', 'application/json').end('{"result":{"data":{"items":[]}}}');
  });
  const headers = { 'X-Team': 'search', 'Content-Type': 'text/plain' };
  const client = createWarmpoolClient({ url, apiKey: 'secret', headers });
  await client.pools.delete.mutate({ name: 'a' });
  await new Promise((resolve) => client.pools.watch.subscribe(undefined, { onError: resolve }));
  expect(seen).toContainEqual(['/trpc/pools.delete', 'search', 'application/json', 'secret']);
  expect(seen).toContainEqual(['/trpc/pools.watch', 'search', expect.anything(), 'secret']);
});

describe('Options', () => {
  test.each([
    ['text that is not a URL', { url: 'nonsense' }],
    ['a URL that is not http or https', { url: 'ftp://localhost' }],
    ['a timeoutMs of 0', { url: 'http://localhost', timeoutMs: 0 }],
    ['a timeoutMs that is not a number', { url: 'http://localhost', timeoutMs: Number.NaN }],
    ['the API key among the headers', { url: 'http://localhost', headers: { 'open-sandbox-API-key': 'x' } }],
    ['a header name with a space', { url: 'http://localhost', headers: { 'a b': 'x' } }],
    ['a header value with a line break', { url: 'http://localhost', headers: { a: 'x\ny' } }],
    ['a timeoutMs longer than timers allow', { url: 'http://localhost', timeoutMs: 2 ** 31 }],
  ])('Creating a client with %s throws', (_what, options) => {
    expect(() => createWarmpoolClient(options)).toThrow();
  });

  test('Creating a client with a key that is not allowed in a header throws without showing the key', () => {
    const create = () => createWarmpoolClient({ url: 'http://localhost', apiKey: 'top\nsecret' });
    expect(create).toThrow('apiKey: must not contain characters that are not allowed in an HTTP header.');
  });
});
