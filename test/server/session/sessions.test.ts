// What a session opens, how long it lives, and how it ends.
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { API_KEY_HEADER, SESSION_HEADER } from '../../../src/contract/limits.ts';
import { deriveKey, SessionSigner } from '../../../src/server/session/session-token.ts';
import { SignedOutSessions } from '../../../src/server/session/signed-out-sessions.ts';
import { openEventStream } from '../../support/event-stream.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { API_KEY, startTestServer } from '../../support/test-server.ts';
import { Browser, signedIn } from './browser.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The stream opened with the cookies of the browser, and without a key. */
const openStream = async (browser: Browser, url: string) => {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(url, { headers: { Cookie: cookie } });
  const reader = response.body?.getReader();
  const ended = (async () => {
    try {
      while ((await reader?.read())?.done === false);
    } catch {
      // A connection that the server cuts off ends the stream as well.
    }
    return 'ended';
  })();
  return { status: response.status, ended, cancel: () => reader?.cancel() };
};

describe('A session', () => {
  test('A session opens REST, tRPC, both streams and metrics', async () => {
    const { url } = await startTestServer();
    const browser = await signedIn(url);
    for (const route of ['/v1/pools', '/pools', '/trpc/pools.list', '/metrics'])
      expect([route, (await browser.fetch('GET', `${url}${route}`)).status]).toEqual([route, 200]);
    for (const route of ['/v1/pool-events', '/trpc/pools.watch']) {
      const stream = await openStream(browser, `${url}${route}`);
      expect([route, stream.status]).toEqual([route, 200]);
      await stream.cancel();
    }
  });

  test('A client with a session has the same retries as one with the key', async () => {
    const { url, call } = await startTestServer();
    const browser = await signedIn(url);
    const json = { name: 'a', template: { spec: { containers: [{ name: 'c', image: 'i' }] } } };
    const pool = { ...json, capacitySpec: { bufferMin: 0, bufferMax: 0, poolMin: 0, poolMax: 1 } };
    const headers = { 'Idempotency-Key': 'once' };
    await call('POST', '/v1/pools', { json: pool, headers });
    const answer = await browser.fetch('POST', `${url}/v1/pools`, {
      json: pool,
      headers: { ...headers, [SESSION_HEADER]: '1' },
    });
    expect([answer.status, answer.headers.get('Idempotency-Replayed')]).toEqual([201, 'true']);
  });

  test('The API key header takes precedence over the cookie', async () => {
    const { url } = await startTestServer();
    const browser = await signedIn(url);
    const list = (key: string) =>
      browser.fetch('GET', `${url}/v1/pools`, { headers: { [API_KEY_HEADER]: key } }).then(({ status }) => status);
    expect([await list('wrong'), await list(API_KEY)]).toEqual([401, 200]);
    for (const name of browser.cookies.keys()) browser.cookies.set(name, 'nonsense');
    expect([await list(API_KEY), await browser.statusOfList(url)]).toEqual([200, 401]);
    const remove = await browser.fetch('DELETE', `${url}/v1/pools/a`, { headers: { [API_KEY_HEADER]: API_KEY } });
    expect(remove.status).toBe(404);
  });
});

describe('An invalid cookie', () => {
  const replaceAt = (text: string, index: number) =>
    `${text.slice(0, index)}${text[index] === 'A' ? 'B' : 'A'}${text.slice(index + 1)}`;
  const resign = (payload: string, key: Buffer | string) =>
    `${payload}.${createHmac('sha256', key).update(payload).digest('base64url')}`;
  const FAR = '99999999999999';
  const payloadOf = (token: string) => token.split('.').slice(0, 3).join('.');

  test.each<[string, (token: string) => string]>([
    ['that is empty', () => ''],
    ['that is the API key', () => API_KEY],
    ['with another id', (token) => replaceAt(token, 0)],
    ['with a later expiry', (token) => token.split('.').with(2, FAR).join('.')],
    ['with another first character of the signature', (token) => replaceAt(token, payloadOf(token).length + 1)],
    ['whose signature decodes to the same bytes but is another text', (token) => token.slice(0, -1) + twin(token)],
    ['without its last character', (token) => token.slice(0, -1)],
    ['with a character more', (token) => `${token}A`],
    ['without its signature', payloadOf],
    ['signed with the API key itself', (token) => resign(payloadOf(token), API_KEY)],
    ['signed with the key of another purpose', (token) => resign(payloadOf(token), deriveKey(API_KEY, 'cookie name'))],
    ['signed by a server with another key', (token) => resign(payloadOf(token), deriveKey('other', 'session token'))],
    ['that has expired', () => new SessionSigner(API_KEY).sign({ id: 'x'.repeat(22), startedAtMs: 0, expiresAtMs: 1 })],
  ])('A cookie %s opens nothing', async (_what, forge) => {
    const { url } = await startTestServer();
    const browser = await signedIn(url);
    for (const [name, token] of browser.cookies) browser.cookies.set(name, forge(token));
    for (const route of ['/v1/pools', '/trpc/pools.list', '/v1/pool-events', '/metrics']) {
      const { status, text } = await browser.fetch('GET', `${url}${route}`);
      expect([route, status]).toEqual([route, 401]);
      expect(text).toContain('MISSING_API_KEY');
      expect(text).toContain(
        'The session has expired, was signed out, or is not valid on this server. Sign in at /ui again.',
      );
    }
    expect(await browser.access(url)).toBe('signed-out');
  });

  /** The last of 43 characters of base64url has two bits that decoding ignores. */
  const twin = (token: string) => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    return alphabet[alphabet.indexOf(token.at(-1) ?? '') ^ 1] ?? '';
  };

  test('A valid cookie is found among others with its name', async () => {
    const { url } = await startTestServer();
    const browser = await signedIn(url);
    const [[name = '', token = ''] = []] = browser.cookies;
    const list = (cookie: string) => fetch(`${url}/v1/pools`, { headers: { Cookie: cookie } });
    expect((await list(`a=b; ${name}=; ${name}=old; ${name}=${token}; ${name}`)).status).toBe(200);
    expect((await list(`${name}x=${token}; x${name}=${token}`)).status).toBe(401);
  });
});

describe('The life of a session', () => {
  test('A cookie is renewed on use when it is 10 minutes old, and the session stays the same', async () => {
    const clock = new FakeClock();
    const { url } = await startTestServer({ clock });
    const browser = await signedIn(url);
    clock.moveTo(clock.now() + 10 * MINUTE_MS - 1);
    await browser.statusOfList(url);
    expect(browser.received).toHaveLength(1);
    clock.moveTo(clock.now() + 1);
    for (const route of ['/v1/pools', '/ui/session']) {
      clock.moveTo(clock.now() + 10 * MINUTE_MS);
      await browser.fetch('GET', `${url}${route}`);
    }
    expect(browser.received).toHaveLength(3);
    expect(new Set(browser.received.map((line) => line.split('.')[0])).size).toBe(1);
    expect(browser.received[2]).toContain('Max-Age=43200');
  });

  test('A session that is used lives on, and ends 12 hours after its last use', async () => {
    const clock = new FakeClock();
    const { url } = await startTestServer({ clock });
    const browser = await signedIn(url);
    for (let use = 0; use < 3; use++) {
      clock.moveTo(clock.now() + 11 * HOUR_MS);
      expect(await browser.statusOfList(url)).toBe(200);
    }
    clock.moveTo(clock.now() + 12 * HOUR_MS - 1);
    const late = await browser.access(url);
    clock.moveTo(clock.now() + 12 * HOUR_MS);
    expect([late, await browser.statusOfList(url), await browser.access(url)]).toEqual([
      'signed-in',
      401,
      'signed-out',
    ]);
  });

  test('A session ends 7 days after the sign-in, however often it is used', async () => {
    const clock = new FakeClock();
    const { url } = await startTestServer({ clock });
    const browser = await signedIn(url);
    const endMs = clock.now() + 7 * 24 * HOUR_MS;
    while (clock.now() + HOUR_MS < endMs) {
      clock.moveTo(clock.now() + HOUR_MS);
      expect(await browser.statusOfList(url)).toBe(200);
    }
    clock.moveTo(endMs - 1);
    expect(await browser.statusOfList(url)).toBe(200);
    clock.moveTo(endMs);
    expect(await browser.statusOfList(url)).toBe(401);
  });

  test('A stream ends when the cookie that opened it expires', async () => {
    const clock = new FakeClock();
    const { url } = await startTestServer({ clock });
    const browser = await signedIn(url);
    const stream = await openStream(browser, `${url}/v1/pool-events`);
    clock.moveTo(clock.now() + 12 * HOUR_MS);
    expect(await stream.ended).toBe('ended');
  });
});

describe('Several servers', () => {
  test('Servers with the same API key accept the sessions of each other', async () => {
    const [one, other] = await Promise.all([startTestServer(), startTestServer()]);
    const browser = await signedIn(one.url);
    expect([await browser.statusOfList(other.url), await browser.access(other.url)]).toEqual([200, 'signed-in']);
  });

  test('Servers with different API keys on one host do not disturb the sessions of each other', async () => {
    const [one, other] = await Promise.all([startTestServer(), startTestServer({ apiKey: 'other-key' })]);
    const browser = await signedIn(one.url);
    expect(await browser.access(other.url)).toBe('signed-out');
    await browser.signIn(other.url, { apiKey: 'other-key' });
    expect([await browser.access(one.url), await browser.access(other.url)]).toEqual(['signed-in', 'signed-in']);
    await browser.signOut(other.url);
    expect([await browser.access(one.url), await browser.access(other.url)]).toEqual(['signed-in', 'signed-out']);
  });
});

describe('Signing out', () => {
  test('After a sign-out the cookie is deleted, and a copy of it opens nothing at this server', async () => {
    const clock = new FakeClock();
    const { url } = await startTestServer({ clock });
    const browser = await signedIn(url);
    const copy = new Browser();
    for (const [name, token] of browser.cookies) copy.cookies.set(name, token);
    clock.moveTo(clock.now() + HOUR_MS);
    const renewed = new Browser();
    for (const [name, token] of copy.cookies) renewed.cookies.set(name, token);
    await renewed.statusOfList(url);
    expect((await browser.signOut(url)).status).toBe(204);
    expect(browser.cookies.size).toBe(0);
    expect([await copy.statusOfList(url), await copy.access(url)]).toEqual([401, 'signed-out']);
    expect(await renewed.statusOfList(url)).toBe(401);
  });

  test.each(['/v1/pool-events', '/trpc/pools.watch'])(
    'A sign-out ends the streams of its session at %s, and those of no other session',
    async (route) => {
      const server = await startTestServer();
      const [browser, other] = await Promise.all([signedIn(server.url), signedIn(server.url)]);
      const stream = await openStream(browser, `${server.url}${route}`);
      const others = await openStream(other, `${server.url}${route}`);
      const keyed = await openEventStream(`${server.url}/v1/pool-events`);
      await browser.signOut(server.url);
      expect(await stream.ended).toBe('ended');
      await server.call('POST', '/v1/pools', {
        json: {
          name: 'a',
          template: { spec: { containers: [{ name: 'c', image: 'i' }] } },
          capacitySpec: { bufferMin: 0, bufferMax: 0, poolMin: 0, poolMax: 1 },
        },
      });
      await keyed.until('added');
      expect(await Promise.race([others.ended, Promise.resolve('open')])).toBe('open');
      await others.cancel();
    },
  );

  test('Signed-out sessions are remembered until they would have ended, and only so many', () => {
    const sessions = new SignedOutSessions(3);
    sessions.add('a', 100, 0);
    sessions.add('b', 10, 0);
    sessions.add('c', 100, 0);
    sessions.add('d', 100, 10);
    expect(['a', 'b', 'c', 'd'].filter((id) => sessions.has(id))).toEqual(['a', 'c', 'd']);
    sessions.add('e', 100, 10);
    expect(['a', 'b', 'c', 'd', 'e'].filter((id) => sessions.has(id))).toEqual(['c', 'd', 'e']);
  });
});
