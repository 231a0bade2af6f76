// The responses that a session has open. Its streams end with it.
import type { Request, Response } from 'express';
import type { Clock } from '../../lib/clock.ts';
import { callOf } from '../http/call.ts';
import type { Session } from './session-token.ts';

type End = () => void;

export class SessionStreams {
  readonly #clock: Clock;
  readonly #open = new Map<string, Set<End>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the response, if it is a stream, when its token expires or its session is signed out. The client reconnects with the token it has then. */
  add({ id, expiresAtMs }: Session, request: Request, response: Response): void {
    const end = () => {
      if (callOf(request).isStream === true) response.destroy();
    };
    const ends = this.#open.get(id) ?? new Set();
    this.#open.set(id, ends.add(end));
    const cancel = this.#clock.after(expiresAtMs - this.#clock.now(), end);
    response.once('close', () => {
      cancel();
      ends.delete(end);
      if (ends.size === 0 && this.#open.get(id) === ends) this.#open.delete(id);
    });
  }

  endAll(id: string): void {
    for (const end of this.#open.get(id) ?? []) end();
  }
}
