// Signing in and out over /ui/session.
import { describe, expect, test } from 'vitest';
import { SESSION_HEADER } from '../../../src/contract/limits.ts';
import { poolNamed } from '../../support/pools.ts';
import { API_KEY, startTestServer } from '../../support/test-server.ts';
import { Browser, signedIn } from './browser.ts';

describe('Signing in', () => {
  test('The API key starts a session whose cookie no script can read and no other site can send', async () => {
    const { url } = await startTestServer();
    const browser = new Browser();
    expect(await browser.access(url)).toBe('signed-out');
    const answer = await browser.signIn(url);
    expect([answer.status, answer.text, answer.headers.get('Cache-Control')]).toEqual([204, '', 'no-store']);
    expect(browser.received).toEqual([
      expect.stringMatching(/^warmpool_session_[\da-f]{8}=[\w.-]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/),
    ]);
    expect(browser.received[0]).not.toContain(API_KEY);
    expect(await browser.access(url)).toBe('signed-in');
  });

  test.each([
    ['X-Forwarded-Proto', 'https'],
    ['X-Forwarded-Proto', 'HTTPS, http'],
    ['Origin', 'https://warmpool.example'],
  ])('A sign-in with %s: %s gets a cookie that is sent over https only, and keeps it', async (name, value) => {
    const { url } = await startTestServer();
    const browser = new Browser();
    await browser.fetch('POST', `${url}/ui/session`, { json: { apiKey: API_KEY }, headers: { [name]: value } });
    expect(browser.received[0]).toMatch(/^__Host-warmpool_session_[\da-f]{8}=.*; Path=\/;.*; SameSite=Strict; Secure$/);
    expect(await browser.statusOfList(url)).toBe(200);
  });

  test.each(['wrong', '', `${API_KEY} `, 'x'.repeat(2_000), '\u0174est-key', 'schlüssel'])(
    'The wrong API key %j is refused with 401, and no cookie is set',
    async (apiKey) => {
      const { url } = await startTestServer();
      const browser = new Browser();
      const { status, body } = await browser.signIn(url, { apiKey });
      expect([status, body.code, browser.received]).toEqual([401, 'INVALID_API_KEY', []]);
    },
  );

  test.each([
    ['no key and no link', {}, 422],
    ['a key and a link', { apiKey: API_KEY, link: 'x' }, 422],
    ['a key that is not a string', { apiKey: 1 }, 422],
    ['an unknown field', { apiKey: API_KEY, remember: true }, 422],
    ['a list', [], 422],
    ['more than 8 KiB', { apiKey: 'x'.repeat(8_192) }, 413],
  ])('A sign-in with %s is refused with %3$i', async (_what, json, status) => {
    const { url } = await startTestServer();
    expect((await new Browser().signIn(url, json)).status).toBe(status);
  });

  test('A sign-in without a body, or of a type that pages can send across sites, is refused', async () => {
    const { url } = await startTestServer();
    const post = (headers: Record<string, string>, body?: string) =>
      fetch(`${url}/ui/session`, { method: 'POST', headers, ...(body !== undefined && { body }) });
    expect((await post({})).status).toBe(422);
    expect((await post({ 'Content-Type': 'text/plain' }, JSON.stringify({ apiKey: API_KEY }))).status).toBe(415);
  });

  test('A sign-in that a page of another origin sends is refused with 403', async () => {
    const { url } = await startTestServer();
    const browser = new Browser();
    const answer = await browser.fetch('POST', `${url}/ui/session`, {
      json: { apiKey: API_KEY },
      headers: { 'Sec-Fetch-Site': 'same-site' },
    });
    expect([answer.body.code, browser.received]).toEqual(['SESSION::CROSS_SITE', []]);
  });

  test('Sign-ins and sign-outs have audit lines, refused sign-ins a warning, and no line has a key or a cookie', async () => {
    const { url, log } = await startTestServer();
    const browser = new Browser();
    const refused = await browser.signIn(url, { apiKey: 'not-the-key' });
    await browser.signIn(url);
    const [token = ''] = browser.cookies.values();
    await browser.signOut(url);
    expect(log).toContainEqual(
      expect.objectContaining({ msg: 'sign-in refused', requestId: refused.body.requestId, by: 'key', level: 40 }),
    );
    const session = token.split('.')[0];
    const audits = log
      .filter(({ msg }) => msg === 'audit')
      .map(({ operation, session: id, by }) => [operation, id, by]);
    expect(audits).toEqual([
      ['session.start', session, 'key'],
      ['session.end', session, undefined],
    ]);
    const text = JSON.stringify(log);
    for (const secret of ['not-the-key', API_KEY, token]) expect(text).not.toContain(secret);
  });
});

describe('/ui/session', () => {
  test('Other methods are refused with 405', async () => {
    const { url } = await startTestServer();
    const { status, headers } = await new Browser().fetch('PUT', `${url}/ui/session`, { json: {} });
    expect([status, headers.get('Allow')]).toEqual([405, 'GET, HEAD, POST, DELETE']);
  });

  test('The status names the runtime, the driver and the version', async () => {
    const { url } = await startTestServer();
    const { body } = await new Browser().fetch('GET', `${url}/ui/session`);
    expect(body).toEqual({
      access: 'signed-out',
      runtime: 'local',
      driver: 'simulated',
      version: expect.any(String) as string,
    });
  });

  test('A server without an API key is open: there is no session, and every sign-in succeeds', async () => {
    const { url, createDashboardPath } = await startTestServer({ apiKey: undefined });
    const browser = new Browser();
    expect(await browser.access(url)).toBe('open');
    expect([(await browser.signIn(url)).status, (await browser.signOut(url)).status]).toEqual([204, 204]);
    expect(browser.received).toEqual([]);
    expect(await browser.statusOfList(url)).toBe(200);
    expect(createDashboardPath()).toBe('/ui');
  });

  test('A sign-out without a session succeeds', async () => {
    const { url } = await startTestServer();
    expect((await new Browser().signOut(url)).status).toBe(204);
  });
});

describe('Cross-site requests', () => {
  test.each([
    ['without the header', {}],
    ['with another value of the header', { [SESSION_HEADER]: '0' }],
    ['from another site', { [SESSION_HEADER]: '1', 'Sec-Fetch-Site': 'cross-site' }],
    ['from another port of the host', { [SESSION_HEADER]: '1', 'Sec-Fetch-Site': 'same-site' }],
    ['that no page sent', { [SESSION_HEADER]: '1', 'Sec-Fetch-Site': 'none' }],
  ])('A request with a cookie %s changes nothing and is refused with 403', async (_what, headers) => {
    const { url, call } = await startTestServer();
    const browser = await signedIn(url);
    const json = poolNamed('a');
    for (const [method, route] of [
      ['POST', '/v1/pools'],
      ['POST', '/trpc/pools.create'],
      ['PUT', '/v1/pools/a'],
      ['PATCH', '/pools/a'],
      ['DELETE', '/v1/pools/a'],
      ['DELETE', '/ui/session'],
    ] as const) {
      const { status, text } = await browser.fetch(method, `${url}${route}`, { json, headers });
      expect([route, status, text.includes('SESSION::CROSS_SITE')]).toEqual([route, 403, true]);
    }
    expect((await call('GET', '/v1/pools')).body).toEqual({ items: [] });
    expect(await browser.access(url)).toBe('signed-in');
  });

  test('A request with a cookie and the header, from the same origin, changes pools', async () => {
    const { url } = await startTestServer();
    const browser = await signedIn(url);
    const headers = { [SESSION_HEADER]: '1', 'Sec-Fetch-Site': 'same-origin' };
    const create = (route: string, name: string) =>
      browser.fetch('POST', `${url}${route}`, { json: poolNamed(name), headers });
    expect([(await create('/v1/pools', 'a')).status, (await create('/trpc/pools.create', 'b')).status]).toEqual([
      201, 200,
    ]);
  });

  test('Origins that CORS allows may not send cookies', async () => {
    const origin = 'https://app.example';
    const { url } = await startTestServer({
      config: (config) => ({ ...config, server: { ...config.server, corsOrigins: [origin] } }),
    });
    const preflight = await new Browser().fetch('OPTIONS', `${url}/v1/pools`, {
      headers: { Origin: origin, 'Access-Control-Request-Method': 'DELETE' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('Access-Control-Allow-Credentials')).toBeNull();
  });
});
