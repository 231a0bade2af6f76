// Links that sign in once, for the person who starts the server.
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';

/** How long a link can be used, in milliseconds. */
const LINK_MS = 10 * 60_000;
/** Maximum number of unused links; the oldest is dropped first. */
const LINKS_MAX = 100;
const TOKEN_BYTES = 32;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64');

export class SignInLinks {
  readonly #clock: Clock;
  /** Hash of the token → until when the link can be used. A lookup by hash takes no time that depends on the token. */
  readonly #untilMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the token of a new link. */
  create(): string {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    this.#untilMs.set(hashOf(token), this.#clock.now() + LINK_MS);
    const [oldest] = this.#untilMs.keys();
    if (oldest !== undefined && this.#untilMs.size > LINKS_MAX) this.#untilMs.delete(oldest);
    return token;
  }

  /** Whether the token is that of a link that can be used. After that it cannot. */
  redeem(token: string): boolean {
    const hash = hashOf(token);
    const untilMs = this.#untilMs.get(hash);
    this.#untilMs.delete(hash);
    return untilMs !== undefined && this.#clock.now() < untilMs;
  }
}
