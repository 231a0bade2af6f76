// The cookie of a session: its name, its attributes, and reading it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { deriveKey } from './session-token.ts';

export class SessionCookie {
  readonly #name: string;

  /** @param apiKey Named in the cookie's name by a hash: browsers send a cookie to every port of a host, where other servers may have other keys. */
  constructor(apiKey: string) {
    this.#name = `warmpool_session_${deriveKey(apiKey, 'cookie name').toString('hex').slice(0, 8)}`;
  }

  /** The values of all cookies with the name, and whether each came over https. Browsers may have one of either kind. */
  read({ headers: { cookie = '' } }: IncomingMessage): { readonly value: string; readonly isSecure: boolean }[] {
    return cookie.split(';').flatMap((pair) => {
      const [name = '', value = ''] = pair.trim().split('=', 2);
      const isSecure = name === this.#nameOf(true);
      return isSecure || name === this.#nameOf(false) ? [{ value, isSecure }] : [];
    });
  }

  /** @param maxAgeSeconds How long the browser keeps the cookie; 0 deletes it. */
  set(response: ServerResponse, value: string, { maxAgeSeconds = 0, isSecure = false }): void {
    const attributes = `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
    response.appendHeader('Set-Cookie', `${this.#nameOf(isSecure)}=${value}; ${attributes}`);
  }

  clear(response: ServerResponse): void {
    for (const isSecure of [true, false]) this.set(response, '', { isSecure });
  }

  /** A name of its own for https: a browser lets no cookie from http replace a secure one. The prefix binds it to this host. */
  #nameOf(isSecure: boolean): string {
    return isSecure ? `__Host-${this.#name}` : this.#name;
  }
}

/**
 * Whether the browser sees the server over https, which a proxy may end. Both headers are believed from every client: all
 * they can do is to limit the cookie of that client to https.
 */
export const isOverHttps = ({ headers }: IncomingMessage): boolean => {
  const forwarded = [headers['x-forwarded-proto']].flat()[0]?.split(',')[0]?.trim().toLowerCase();
  return forwarded === 'https' || headers.origin?.startsWith('https://') === true;
};
