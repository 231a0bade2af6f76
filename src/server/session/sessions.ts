// The sessions of the dashboard. Nothing is stored: the signed cookie is the session, and only sign-outs are remembered.
import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Clock } from '../../lib/clock.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { refuseCrossSite } from './refuse-cross-site.ts';
import { isOverHttps, SessionCookie } from './session-cookie.ts';
import { SessionStreams } from './session-streams.ts';
import { SessionSigner, type Session } from './session-token.ts';
import { SignedOutSessions } from './signed-out-sessions.ts';

const HOUR_MS = 3_600_000;
/** How long a token is valid. A session ends when it is not used for this long. */
const TOKEN_MS = 12 * HOUR_MS;
/** How long a session can be renewed after signing in. Sign-outs are remembered for as long. */
const SESSION_MAX_MS = 7 * 24 * HOUR_MS;
/** A token is renewed on use when the new one is valid for this much longer. */
const RENEWAL_MS = 10 * 60_000;

const SIGNED_OUT_MAX = 10_000;
const ID_BYTES = 16;

type Found = { readonly session: Session; readonly isSecure: boolean };

export class Sessions {
  readonly #clock: Clock;
  readonly #signer: SessionSigner;
  readonly #cookie: SessionCookie;
  readonly #signedOut = new SignedOutSessions(SIGNED_OUT_MAX);
  readonly #streams: SessionStreams;

  constructor(apiKey: string, clock: Clock) {
    this.#clock = clock;
    this.#signer = new SessionSigner(apiKey);
    this.#cookie = new SessionCookie(apiKey);
    this.#streams = new SessionStreams(clock);
  }

  /** Starts a session, sets its cookie, and returns its id. */
  start(request: Request, response: Response): string {
    const id = randomBytes(ID_BYTES).toString('base64url');
    const startedAtMs = this.#clock.now();
    const session = { id, startedAtMs, expiresAtMs: this.#expiryOf(startedAtMs) };
    this.#send(response, { session, isSecure: isOverHttps(request) });
    return id;
  }

  /**
   * Whether the request has a session, which is then renewed if it is time.
   * Throws MISSING_API_KEY for a cookie that is not valid, and SESSION::CROSS_SITE.
   */
  accept(request: Request, response: Response): boolean {
    if (this.#cookie.read(request).length === 0) return false;
    const [found] = this.#find(request);
    if (found === undefined)
      throw new WarmpoolError(
        'MISSING_API_KEY',
        'The session has expired, was signed out, or is not valid on this server. Sign in at /ui again.',
      );
    refuseCrossSite(request);
    this.#renew(response, found);
    this.#streams.add(found.session, request, response);
    return true;
  }

  /** Whether the request has a valid session, which is then renewed if it is time. */
  touch(request: Request, response: Response): boolean {
    const [found] = this.#find(request);
    if (found !== undefined) this.#renew(response, found);
    return found !== undefined;
  }

  /** Ends the sessions of the request at this server, with their streams, and deletes the cookies. Returns their ids. */
  end(request: Request, response: Response): string[] {
    const ids = this.#find(request).map(({ session: { id, startedAtMs } }) => {
      this.#signedOut.add(id, startedAtMs + SESSION_MAX_MS, this.#clock.now());
      this.#streams.endAll(id);
      return id;
    });
    this.#cookie.clear(response);
    return ids;
  }

  #find(request: Request): Found[] {
    return this.#cookie.read(request).flatMap(({ value, isSecure }) => {
      const session = this.#signer.read(value);
      if (session === undefined || session.expiresAtMs <= this.#clock.now()) return [];
      return this.#signedOut.has(session.id) ? [] : [{ session, isSecure }];
    });
  }

  #renew(response: Response, { session, isSecure }: Found): void {
    const expiresAtMs = this.#expiryOf(session.startedAtMs);
    if (expiresAtMs - session.expiresAtMs >= RENEWAL_MS)
      this.#send(response, { session: { ...session, expiresAtMs }, isSecure });
  }

  #expiryOf(startedAtMs: number): number {
    return Math.min(this.#clock.now() + TOKEN_MS, startedAtMs + SESSION_MAX_MS);
  }

  #send(response: Response, { session, isSecure }: Found): void {
    const maxAgeSeconds = Math.round((session.expiresAtMs - this.#clock.now()) / 1_000);
    this.#cookie.set(response, this.#signer.sign(session), { maxAgeSeconds, isSecure });
  }
}
