// The text of a session cookie: signed with a key derived from the API key, so that every server with that API key accepts it.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

export type Session = {
  /** 22 characters of base64url; stays the same while the session is renewed. */
  readonly id: string;
  /** When the client signed in, in epoch milliseconds. */
  readonly startedAtMs: number;
  /** Until when the token is valid, in epoch milliseconds. */
  readonly expiresAtMs: number;
};

const KEY_BYTES = 32;
const TOKEN = /^([\w-]{22})\.(\d{1,15})\.(\d{1,15})\.([\w-]{43})$/;

/** A secret for one purpose: none can be computed from another one (RFC 5869). */
export const deriveKey = (apiKey: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', apiKey, '', `warmpool ${purpose}`, KEY_BYTES));

export class SessionSigner {
  readonly #key: Buffer;

  constructor(apiKey: string) {
    this.#key = deriveKey(apiKey, 'session token');
  }

  sign({ id, startedAtMs, expiresAtMs }: Session): string {
    const payload = `${id}.${startedAtMs}.${expiresAtMs}`;
    return `${payload}.${this.#signatureOf(payload)}`;
  }

  /** The session of a token; undefined unless it was signed with this key. It may have expired. */
  read(token: string): Session | undefined {
    const [, id = '', startedAt = '', expiresAt = '', signature = ''] = TOKEN.exec(token) ?? [];
    if (id === '') return undefined;
    const expected = this.#signatureOf(`${id}.${startedAt}.${expiresAt}`);
    // The texts are compared: several texts decode to the same bytes.
    if (!timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) return undefined;
    return { id, startedAtMs: Number(startedAt), expiresAtMs: Number(expiresAt) };
  }

  #signatureOf(payload: string): string {
    return createHmac('sha256', this.#key).update(payload).digest('base64url');
  }
}
