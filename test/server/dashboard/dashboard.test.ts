// The built dashboard under /ui.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { API_KEY_HEADER } from '../../../src/contract/limits.ts';
import { exchange } from '../../support/exchange.ts';
import { API_KEY, startTestServer, temporaryFolder } from '../../support/test-server.ts';
import { SCRIPT, writeBuild } from './build-folder.ts';
import { startPrefixProxy } from '../../support/prefix-proxy.ts';

const startWithBuild = async () => {
  const dashboardFolder = temporaryFolder();
  writeBuild(dashboardFolder);
  return startTestServer({ dashboardFolder });
};

const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers, redirect: 'manual' });

/** The response as it is sent: fetch would decompress it. */
const getRaw = async (url: string, headers: Record<string, string> = {}, method = 'GET') => {
  const request = httpRequest(url, { headers, method }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
};

describe('The page', () => {
  test.each([
    ['/ui/', './'],
    ['/ui/pools', './'],
    ['/ui/index.html', './'],
    ['/ui/pools/', '../'],
    ['/ui/pools/agents', '../'],
    ['/ui/pools/a%2Fb', '../'],
    ['/ui/pools/agents/decisions?at=1/2', '../../'],
    ['/ui/sign-in', './'],
  ])('%s responds with the page, whose base is %s', async (route, base) => {
    const { url } = await startWithBuild();
    const response = await get(`${url}${route}`);
    expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await response.text()).toContain(`<base href="${base}" />`);
    expect(new URL(base, `${url}${route}`).href).toBe(`${url}/ui/`);
  });

  test('Every response has a nonce of its own, which its Content-Security-Policy allows, and is not stored', async () => {
    const { url } = await startWithBuild();
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const response = await get(`${url}/ui/`);
        const [, nonce = ''] = /style-src 'self' 'nonce-([^']{24})'/.exec(policyOf(response)) ?? [];
        const text = await response.text();
        expect(text.split(`nonce="${nonce}"`)).toHaveLength(3);
        expect(text).not.toContain('__CSP_NONCE__');
        expect(response.headers.get('Cache-Control')).toBe('no-store');
        return nonce;
      }),
    );
    expect(new Set(nonces).size).toBe(2);
  });

  const policyOf = ({ headers }: Response) => headers.get('Content-Security-Policy') ?? '';

  test('The Content-Security-Policy allows nothing but the server itself', async () => {
    const { url } = await startWithBuild();
    expect(policyOf(await get(`${url}/ui/`)).replace(/'nonce-[^']+'/, "'nonce-x'")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-x'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    );
  });

  test('HEAD responds as GET does, without a body', async () => {
    const { url } = await startWithBuild();
    for (const route of ['/ui/', '/ui/assets/index-1a.js']) {
      const [head, full] = [await getRaw(`${url}${route}`, {}, 'HEAD'), await getRaw(`${url}${route}`)];
      expect([head.status, head.body.length]).toEqual([200, 0]);
      expect(head.headers['content-length']).toBe(String(full.body.length));
    }
  });

  test('Other methods are refused with 405', async () => {
    const { url } = await startWithBuild();
    const response = await fetch(`${url}/ui/pools`, { method: 'POST' });
    expect([response.status, response.headers.get('Allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('Assets', () => {
  test.each([
    ['/ui/assets/index-1a.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/ui/assets/small-2b.css', 'text/css; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/ui/assets/font-3c.woff2', 'font/woff2', 'public, max-age=31536000, immutable'],
    ['/ui/favicon.svg', 'image/svg+xml', 'no-cache'],
  ])('%s has the type %s and the Cache-Control %s', async (route, type, caching) => {
    const { url } = await startWithBuild();
    const { status, headers } = await get(`${url}${route}`);
    expect([status, headers.get('Content-Type'), headers.get('Cache-Control')]).toEqual([200, type, caching]);
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  });

  test.each([
    ['gzip, deflate, br', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['gzip', 'gzip'],
    ['*', 'br'],
    ['identity', undefined],
    ['br;q=0, *;q=0', undefined],
    [undefined, undefined],
  ])('A client that accepts the encodings %j receives %j', async (accepted, encoding) => {
    const { url } = await startWithBuild();
    const address = `${url}/ui/assets/index-1a.js`;
    const headers = accepted === undefined ? {} : { 'Accept-Encoding': accepted };
    const raw = await getRaw(address, headers);
    expect([raw.headers['content-encoding'], raw.headers.vary]).toEqual([encoding, 'Accept-Encoding']);
    expect(raw.headers['content-length']).toBe(String(raw.body.length));
    expect(await (await get(address, headers)).text()).toBe(SCRIPT);
  });

  test('A file that was not compressed is sent as it is', async () => {
    const { url } = await startWithBuild();
    const { headers, body } = await getRaw(`${url}/ui/assets/small-2b.css`, { 'Accept-Encoding': 'br' });
    expect([headers['content-encoding'], body.toString()]).toEqual([undefined, 'a{}']);
  });

  test('A client that has the current version receives 304, and each encoding has an ETag of its own', async () => {
    const { url } = await startWithBuild();
    const address = `${url}/ui/assets/index-1a.js`;
    const [plain, compressed] = [await getRaw(address), await getRaw(address, { 'Accept-Encoding': 'br' })];
    expect(plain.headers.etag).not.toBe(compressed.headers.etag);
    const again = await getRaw(address, { 'If-None-Match': `"x", ${plain.headers.etag ?? ''}` });
    expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, plain.headers.etag]);
    expect((await getRaw(address, { 'If-None-Match': '"x"' })).status).toBe(200);
  });

  test.each([
    '/ui/assets/none.js',
    '/ui/assets/',
    '/ui/assets/index-1a.js.br',
    '/ui/assets/index-1a.js/',
    '/ui/assets/../../current',
    '/ui/assets/..%2f..%2fcurrent',
    '/ui/assets/%2e%2e/index.html',
  ])('%s is not a file of the dashboard: 404', async (route) => {
    const { url } = await startWithBuild();
    const response = await exchange(url, `GET ${route} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(response).toMatch(/^HTTP\/1.1 404 [^]*"REQUEST::NOT_FOUND"/);
  });

  test.each(['/ui/../current', '/ui/.vite/manifest.json', '/ui//etc/passwd', '/ui/abc/index.html', '/ui/%zz'])(
    '%s reads no file: it responds with the page',
    async (route) => {
      const { url } = await startWithBuild();
      const response = await exchange(url, `GET ${route} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(response).toMatch(/^HTTP\/1.1 200 [^]*<!doctype html>/);
    },
  );
});

describe('Ways to the dashboard', () => {
  test('A browser that opens / is redirected to the dashboard, and no other client is', async () => {
    const { url } = await startWithBuild();
    const browser = await get(`${url}/`, { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect([browser.status, browser.headers.get('Location'), browser.headers.get('Vary')]).toEqual([
      302,
      'ui/',
      'Accept',
    ]);
    expect((await get(`${url}/`, { Accept: '*/*' })).status).toBe(404);
  });

  test('/ui is redirected to /ui/', async () => {
    const { url } = await startWithBuild();
    const { status, headers } = await get(`${url}/ui`);
    expect([status, headers.get('Location')]).toEqual([308, 'ui/']);
  });

  test.each(['/uix', '/UI/', '/ui;x', '//ui/', '/v1/ui', '/ui%2Fassets'])('%s needs the key', async (route) => {
    const { url } = await startWithBuild();
    expect((await get(`${url}${route}`)).status).toBe(401);
    expect((await get(`${url}${route}`, { [API_KEY_HEADER]: API_KEY })).status).toBe(404);
  });

  test('Below the path prefix of a proxy, redirects, the page and its assets are found', async () => {
    const { url } = await startWithBuild();
    const proxy = await startPrefixProxy(url, '/tools/warmpool');
    for (const route of ['/', '/ui', '/ui/pools/agents']) {
      const page = await fetch(`${proxy}/tools/warmpool${route}`, { headers: { Accept: 'text/html' } });
      const text = await page.text();
      const [, base = ''] = /<base href="([^"]+)"/.exec(text) ?? [];
      const [, script = ''] = /<script[^>]* src="([^"]+)"/.exec(text) ?? [];
      const address = new URL(script, new URL(base, page.url));
      expect(address.pathname).toBe('/tools/warmpool/ui/assets/index-1a.js');
      expect(await (await fetch(address)).text()).toBe(SCRIPT);
    }
  });
});

test('A server without a built dashboard responds with 503 and says how to build it, and finds a build that appears', async () => {
  const dashboardFolder = temporaryFolder();
  const { url } = await startTestServer({ dashboardFolder });
  const response = await get(`${url}/ui/`);
  expect([response.status, response.headers.get('Content-Type')]).toEqual([503, 'text/html; charset=utf-8']);
  expect(await response.text()).toContain('npm run build:dashboard');
  expect((await get(`${url}/ui/session`)).status).toBe(200);
  writeBuild(dashboardFolder);
  expect((await get(`${url}/ui/`)).status).toBe(200);
});
