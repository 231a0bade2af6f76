// What operators see: readiness, metrics, logs, the reference page, and the runtimes without pools.
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runInNewContext } from 'node:vm';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Metrics } from '../../src/server/operational/metrics.ts';
import { createRuntimeObserver } from '../../src/server/operational/runtime-metrics.ts';
import { capacity, poolNamed } from '../support/pools.ts';
import { API_KEY, startTestServer } from '../support/test-server.ts';

describe('/ready', () => {
  test('/ready requires no key', async () => {
    const { call } = await startTestServer();
    expect((await call('GET', '/ready', { key: null })).body).toEqual({ status: 'ready', reasons: [] });
  });

  test.each([
    ['written', 'resource_version', 'POST', '/pools'],
    ['read', 'decisions', 'GET', '/pools/a/decisions'],
  ])('While the local store cannot be %s the server is degraded', async (how, table, method, route) => {
    const { call, dataDir } = await startTestServer();
    await call('POST', '/pools', { json: poolNamed('a', { capacitySpec: capacity(0, 0) }) });
    // From then on the controller has nothing to write.
    await expect.poll(async () => (await call('GET', '/pools/a')).body).toHaveProperty('status.observedGeneration');
    const request = async () => (await call(method, route, method === 'POST' ? { json: poolNamed('b') } : {})).status;
    const database = new DatabaseSync(path.join(dataDir, 'warmpool.db'));
    onTestFinished(() => {
      database.close();
    });
    database.exec(`ALTER TABLE ${table} RENAME TO hidden`);
    expect(await request()).toBe(500);
    expect((await call('GET', '/ready')).body).toEqual({
      status: 'degraded',
      reasons: [`The local store cannot be ${how}: no such table: ${table}.`],
    });
    database.exec(`ALTER TABLE hidden RENAME TO ${table}`);
    expect(await request()).toBeLessThan(300);
    expect((await call('GET', '/ready')).body).toEqual({ status: 'ready', reasons: [] });
  });
});

describe('/metrics', () => {
  test('/metrics requires the key unless it is public', async () => {
    const keyed = await startTestServer();
    expect((await keyed.call('GET', '/metrics', { key: null })).status).toBe(401);
    const open = await startTestServer({ config: (it) => ({ ...it, server: { ...it.server, publicMetrics: true } }) });
    expect((await open.call('GET', '/metrics', { key: null })).status).toBe(200);
  });

  test('A scrape counts the members of all pools once', async () => {
    const metrics = new Metrics();
    let scrapes = 0;
    metrics.observeMembers(() => {
      scrapes += 1;
      return Promise.resolve([
        { pool: 'a', status: undefined, phases: { starting: 0, ready: 2, failed: 0, terminating: 0 } },
      ]);
    });
    expect(await metrics.expose()).toContain('warmpool_members{pool="a",phase="ready"} 2');
    expect(scrapes).toBe(1);
  });

  test('/metrics reports claims by pool, requests by outcome, waits by launch and ends by state', async () => {
    const metrics = new Metrics();
    const observer = createRuntimeObserver(metrics, pino({ level: 'silent' }));
    metrics.observeMembers(() => Promise.resolve([{ pool: 'a', status: undefined, claims: { bound: 3, waiting: 1 } }]));
    const bound = { poolUid: 'a', createdAt: '2026-01-01T00:00:00.000Z', boundAt: '2026-01-01T00:00:04.000Z' };
    observer.claimBound({ ...bound, launch: 'warm' }, 0);
    observer.claimBound({ ...bound, launch: 'cold' }, 4);
    observer.claimRefused('CLAIM::TIMEOUT');
    observer.claimEnded('expired');
    const text = await metrics.expose();
    for (const line of [
      'warmpool_claims{pool="a"} 3',
      'warmpool_claims_waiting{pool="a"} 1',
      'warmpool_claim_requests_total{outcome="warm"} 1',
      'warmpool_claim_requests_total{outcome="CLAIM::TIMEOUT"} 1',
      'warmpool_claim_wait_seconds_sum{launch="cold"} 4',
      'warmpool_claims_ended_total{state="expired"} 1',
    ])
      expect(text).toContain(`${line}\n`);
  });

  test('/metrics reports requests, pools, members, scaling steps and writes', async () => {
    const { call } = await startTestServer();
    await call('POST', '/pools', { json: poolNamed('a', { capacitySpec: capacity(1, 1) }) });
    await call('POST', '/pools', { json: poolNamed('a') });
    const metrics = async () => (await call('GET', '/metrics')).text;
    await expect.poll(metrics).toContain('warmpool_members{pool="a",phase="ready"} 1');
    const text = await metrics();
    expect(text).toContain('warmpool_request_duration_seconds_count{operation="pools.create",code="201"} 1');
    expect(text).toContain('warmpool_request_duration_seconds_count{operation="pools.create",code="409"} 1');
    expect(text).toContain('warmpool_store_write_duration_seconds_count{call="create",outcome="refused"} 1');
    expect(text).toMatch(/^warmpool_pools 1$/m);
    expect(text).toMatch(/^warmpool_scaling_members_total\{action="create"\} 1$/m);
    expect(text).toContain('process_resident_memory_bytes');
  });
});

describe('The log', () => {
  test('The log has one line for every request, with its id, operation, status and code, and never the key', async () => {
    const { call, log } = await startTestServer();
    await call('GET', '/pools/nothing?view=basic', { headers: { 'X-Request-ID': 'r-1' } });
    await call('GET', '/trpc/pools.list', { headers: { 'X-Request-ID': 'r-2' } });
    await call('GET', '/pools', { key: 'a-wrong-key', headers: { 'X-Request-ID': 'r-3' } });
    const linesOf = (requestId: string) => log.filter((line) => line.requestId === requestId);
    await expect.poll(() => linesOf('r-3')).toHaveLength(1);
    expect(linesOf('r-1')).toMatchObject([
      {
        msg: 'request',
        method: 'GET',
        path: '/pools/nothing',
        operation: 'pools.get',
        status: 404,
        code: 'KUBERNETES::POOL_NOT_FOUND',
      },
    ]);
    expect(linesOf('r-2')).toMatchObject([{ operation: 'pools.list', status: 200 }]);
    expect(linesOf('r-3')).toMatchObject([{ operation: 'none', status: 401, code: 'INVALID_API_KEY' }]);
    expect(JSON.stringify(log)).not.toMatch(new RegExp(`${API_KEY}|a-wrong-key`));
  });

  test('The log has one audit line for every write, over REST and tRPC', async () => {
    const { call, log } = await startTestServer();
    await call('POST', '/pools', { json: poolNamed('a') });
    await call('PUT', '/pools/a', { json: { capacitySpec: capacity() } });
    await call('PATCH', '/pools/a', { json: { labels: { x: 'y' } } });
    await call('POST', '/trpc/pools.delete', { json: { name: 'a' } });
    await call('DELETE', '/pools/a');
    const audit = log.filter(({ msg }) => msg === 'audit');
    expect(audit).toMatchObject([
      { operation: 'pools.create', pool: 'a', toGeneration: 1 },
      { operation: 'pools.update', pool: 'a', fromGeneration: 1, toGeneration: 2 },
      { operation: 'pools.patch', pool: 'a', fromGeneration: 2, toGeneration: 2 },
      { operation: 'pools.delete', pool: 'a', fromGeneration: 2 },
    ]);
    for (const line of audit)
      expect(line).toMatchObject({
        key: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
        requestId: expect.any(String) as string,
      });
  });

  test('The log has a warning when starts of a pool begin to fail, and a line when the pool recovers', async () => {
    const { call, log } = await startTestServer({
      config: (config) => ({ ...config, local: { ...config.local, simulated: { startSeconds: 0, failureRate: 1 } } }),
    });
    await call('POST', '/pools', { json: poolNamed('a', { capacitySpec: capacity(1, 1) }) });
    const lines = () => log.filter(({ msg }) => String(msg).includes('degraded'));
    await expect.poll(lines).toMatchObject([
      {
        level: 40,
        pool: 'a',
        reason: 'StartFailing',
        msg: expect.stringMatching(/^pool "a" is degraded: Starts keep failing: .*failure_rate/) as string,
      },
    ]);
    await call('PUT', '/pools/a', { json: { capacitySpec: capacity(0, 0) } });
    await expect
      .poll(lines)
      .toMatchObject([
        { level: 40 },
        { level: 30, pool: 'a', reason: 'Healthy', msg: 'pool "a" is no longer degraded: Members start normally.' },
      ]);
  });
});

/** A proxy that passes what is below `prefix` on to the server, without the prefix. Returns its URL with the prefix. */
const proxyBelow = async (prefix: string, server: string) => {
  const proxy = createServer(({ url = '', method, headers }, response) => {
    if (!url.startsWith(prefix)) response.writeHead(404).end();
    else
      httpRequest(`${server}${url.slice(prefix.length)}`, { method, headers }, (answer) => {
        answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers));
      }).end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.close().closeAllConnections();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${prefix}`;
};

describe('The reference page', () => {
  test.each(['/docs', '/docs/', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/initialize.js'])(
    '%s is served without a key, from this server alone',
    async (route) => {
      const { call } = await startTestServer();
      const answer = await call('GET', route, { key: null });
      expect([answer.status, answer.headers.get('Content-Security-Policy')]).toEqual([
        200,
        expect.stringContaining("default-src 'self'"),
      ]);
      if (route === '/docs') expect(answer.text).not.toMatch(/(src|href)="https?:/);
    },
  );

  test.each(['/docs', '/docs/'])('%s works behind a proxy that serves the API below a prefix', async (route) => {
    const { url } = await startTestServer();
    const base = await proxyBelow('/warm/pool', url);
    const page = new URL(`${base}${route}`);
    const html = await (await fetch(page)).text();
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, asset]) => new URL(asset ?? '', page).href);
    expect(assets).toHaveLength(4);
    for (const asset of assets) expect([asset, (await fetch(asset)).status]).toEqual([asset, 200]);
    const src = assets.find((asset) => asset.endsWith('/initialize.js')) ?? '';
    const options = await new Promise<{ url: string }>((SwaggerUIBundle) => {
      void fetch(src).then(async (script) => {
        runInNewContext(await script.text(), { URL, document: { currentScript: { src } }, SwaggerUIBundle }) as unknown;
      });
    });
    expect((await fetch(options.url)).headers.get('Content-Type')).toBe('application/json');
  });

  test('The reference page ignores a range or a precondition that cannot be satisfied', async () => {
    const { call } = await startTestServer();
    for (const headers of [{ Range: 'bytes=999999999-' }, { 'If-Match': '"x"' }]) {
      const answer = await call('GET', '/docs/swagger-ui.css', { key: null, headers });
      expect(answer.status).toBe(200);
    }
  });

  test.each(['/docs/package.json', '/docs/../package.json', '/docs/%2e%2e/package.json', '/docs/nothing'])(
    '%s is not found',
    async (route) => {
      const { call } = await startTestServer();
      expect((await call('GET', route)).status).toBe(404);
    },
  );
});

describe('A configuration of OpenSandbox with the runtime docker', () => {
  const start = () => startTestServer({ config: (it) => ({ ...it, runtime: 'docker' }) });

  test.each([
    ['GET', '/pools', undefined],
    ['POST', '/v1/pools', poolNamed('a')],
    ['GET', '/pools/a', undefined],
    ['PUT', '/pools/a', { capacitySpec: capacity() }],
    ['PATCH', '/pools/a', {}],
    ['DELETE', '/v1/pools/a', undefined],
    ['GET', '/pools/a/members', undefined],
    ['GET', '/pools/a/decisions', undefined],
    ['POST', '/v1/pools/a/claims', undefined],
    ['GET', '/v1/pools/a/claims', undefined],
    ['GET', '/v1/claims', undefined],
    ['GET', '/v1/claims/c', undefined],
    ['POST', '/v1/claims/c/renew', undefined],
    ['DELETE', '/v1/claims/c', undefined],
    ['DELETE', '/v1/pools/a/members/m', undefined],
  ])('With the runtime docker %s %s responds with 501 and says what to use instead', async (method, route, json) => {
    const { call } = await start();
    const answer = await call(method, route, { json });
    expect(answer.status).toBe(501);
    expect(answer.body).toMatchObject({
      code: 'KUBERNETES::POOL_NOT_SUPPORTED',
      message: expect.stringContaining('use runtime local, driver docker') as string,
    });
  });

  test('With the runtime docker, the key, the route and the input are checked before the 501', async () => {
    const { call } = await start();
    expect((await call('GET', '/pools', { key: null })).status).toBe(401);
    expect((await call('GET', '/nowhere')).status).toBe(404);
    expect((await call('POST', '/pools', { json: {} })).status).toBe(422);
    expect((await call('GET', '/pools?x=1')).status).toBe(422);
    expect((await call('POST', '/v1/pools/a/claims', { json: { ttlSeconds: 0 } })).status).toBe(422);
    expect((await call('GET', '/trpc/pools.list')).body).toMatchObject({
      error: { data: { code: 'KUBERNETES::POOL_NOT_SUPPORTED' } },
    });
  });
});

test('A server without a key accepts every request', async () => {
  const { call } = await startTestServer({ apiKey: undefined });
  expect((await call('GET', '/pools', { key: null })).status).toBe(200);
});
