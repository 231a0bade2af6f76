// What a browser does with cookies: it keeps them, and sends them to every port of the host.
import { SESSION_HEADER } from '../../../src/contract/limits.ts';
import { API_KEY } from '../../support/test-server.ts';

type Sent = { json?: unknown; headers?: Record<string, string> };

export class Browser {
  /** Name → value. */
  readonly cookies = new Map<string, string>();
  /** The Set-Cookie headers received, in order. */
  readonly received: string[] = [];

  async fetch(method: string, url: string, { json, headers = {} }: Sent = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        ...(cookie !== '' && { Cookie: cookie }),
        ...(json !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const text = await response.text();
    const isJson = response.headers.get('Content-Type')?.startsWith('application/json') === true;
    const body = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, text, body };
  }

  /** Signs in with the key of test servers. */
  async signIn(url: string, json: object = { apiKey: API_KEY }) {
    return this.fetch('POST', `${url}/ui/session`, { json });
  }

  async signOut(url: string) {
    return this.fetch('DELETE', `${url}/ui/session`, { headers: { [SESSION_HEADER]: '1' } });
  }

  /** What the server says about the session. */
  async access(url: string) {
    return (await this.fetch('GET', `${url}/ui/session`)).body.access;
  }

  /** Status of a request that needs the key. */
  async statusOfList(url: string) {
    return (await this.fetch('GET', `${url}/v1/pools`)).status;
  }

  #keep(line: string): void {
    this.received.push(line);
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/Max-Age=0\b/.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** A browser that is signed in to the server. */
export const signedIn = async (url: string): Promise<Browser> => {
  const browser = new Browser();
  await browser.signIn(url);
  return browser;
};
