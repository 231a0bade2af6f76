// Clients that wait for a member, over HTTP.
import { describe, expect, test } from 'vitest';
import type { Claim, ClaimList } from '../../../src/contract/claim.ts';
import { capacity, poolNamed } from '../../support/pools.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

const withPool = async (poolMax: number, bufferMin = 0) => {
  const server = await startTestServer();
  await server.call('POST', '/pools', {
    json: poolNamed('a', { capacitySpec: capacity(bufferMin, bufferMin, 0, poolMax) }),
  });
  return server;
};

const claim = ({ call }: TestServer, json: object, headers: Record<string, string> = {}, signal?: AbortSignal) =>
  call('POST', '/v1/pools/a/claims', { json, headers, ...(signal && { signal }) });

/** Number of clients in line, as /metrics reports it. */
const waiting = async ({ call }: TestServer) =>
  Number(/^warmpool_claims_waiting\{pool="a"\} (\d+)$/m.exec((await call('GET', '/metrics')).text)?.[1]);

const live = async ({ call }: TestServer) => ((await call('GET', '/v1/claims')).body as ClaimList).items;

test('A client that waits receives a member that is started for it', async () => {
  const server = await withPool(1);
  const created = await claim(server, { waitSeconds: 10 });
  expect(created).toMatchObject({ status: 201, body: { launch: 'cold', state: 'bound' } });
  const { createdAt, boundAt } = created.body as Claim;
  expect(createdAt <= boundAt).toBe(true);
});

test('A client that waits longer than it allows is refused with 429 when the pool is at poolMax', async () => {
  const server = await withPool(1);
  await claim(server, { waitSeconds: 10 });
  const refused = await claim(server, { waitSeconds: 1 });
  expect(refused).toMatchObject({ status: 429, body: { code: 'KUBERNETES::POOL_CAPACITY_EXHAUSTED' } });
  expect(refused.headers.get('Retry-After')).toMatch(/^\d+$/);
});

describe.each(['REST', 'tRPC'])('a client that hangs up over %s', (transport) => {
  const request = (server: TestServer, fields: object, signal: AbortSignal) => {
    const call =
      transport === 'REST'
        ? claim(server, fields, {}, signal)
        : server.call('POST', '/trpc/claims.create', { json: { name: 'a', ...fields }, signal });
    call.catch(() => undefined);
    return call;
  };

  test(`A client that hangs up over ${transport} leaves the line, and no claim is created for it`, async () => {
    const server = await withPool(1);
    const { id } = (await claim(server, { waitSeconds: 10 })).body as Claim;
    const controller = new AbortController();
    const abandoned = request(server, { waitSeconds: 60 }, controller.signal);
    await expect.poll(() => waiting(server)).toBe(1);
    controller.abort();
    await expect(abandoned).rejects.toThrow('aborted');
    await expect.poll(() => waiting(server)).toBe(0);
    await server.call('DELETE', `/v1/claims/${id}`);
    expect(await live(server)).toEqual([]);
  });
});

test('A claim with a key outlives its connection: the same request receives it', async () => {
  const server = await withPool(1);
  const { id } = (await claim(server, { waitSeconds: 10 })).body as Claim;
  const headers = { 'Idempotency-Key': 'k' };
  const controller = new AbortController();
  const first = claim(server, { waitSeconds: 60 }, headers, controller.signal);
  first.catch(() => undefined);
  await expect.poll(() => waiting(server)).toBe(1);
  const second = claim(server, { waitSeconds: 60 }, headers);
  controller.abort();
  await server.call('DELETE', `/v1/claims/${id}`);
  expect((await second).status).toBe(201);
  expect(await live(server)).toMatchObject([{ id: ((await second).body as Claim).id }]);
});

test('A server that stops ends every wait with 503', async () => {
  const server = await withPool(1);
  await claim(server, { waitSeconds: 10 });
  const refused = claim(server, { waitSeconds: 60 });
  await expect.poll(() => waiting(server)).toBe(1);
  const stopped = server.stop();
  expect(await refused).toMatchObject({ status: 503, body: { code: 'SERVER::SHUTTING_DOWN' } });
  await stopped;
});

test('A client that waits in a pool that is deleted receives an error at once', async () => {
  const server = await withPool(1);
  await claim(server, { waitSeconds: 10 });
  const refused = claim(server, { waitSeconds: 60 });
  await expect.poll(() => waiting(server)).toBe(1);
  await server.call('DELETE', '/pools/a?force=true');
  expect([404, 409]).toContain((await refused).status);
});
