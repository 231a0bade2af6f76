// Keeps a claim while its holder works: renews it, and says when it is lost.
import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '../router/app-router.ts';
import { WarmpoolClientError } from './client-error.ts';
import type { Claim } from './types.ts';

/** A claim that ended, or that could not be renewed in time. */
const lost = (message: string, cause?: unknown): WarmpoolClientError =>
  new WarmpoolClientError('CLAIM::ENDED', { message, cause });

const HAS_ENDED: ReadonlySet<string> = new Set(['CLAIM::ENDED', 'CLAIM::NOT_FOUND']);

export class Lease {
  readonly #claims: TRPCClient<AppRouter>['claims'];
  readonly #id: string;
  readonly #ttlMs: number;
  /** What to add to the server's time for the client's, in milliseconds of `performance.now()`. */
  readonly #offsetMs: number;
  readonly #loss = new AbortController();
  /** Aborts when renewing stops, because the lease is lost or closed. */
  readonly #stop = new AbortController();
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #expiry: ReturnType<typeof setTimeout> | undefined;

  /** @param sentAtMs When the first request for the claim was sent, in milliseconds of `performance.now()`. */
  constructor(claims: TRPCClient<AppRouter>['claims'], claim: Claim, sentAtMs: number) {
    this.#claims = claims;
    this.#id = claim.id;
    this.#ttlMs = claim.ttlSeconds * 1_000;
    // The server received the request later than it was sent, so the lease never ends later than this clock says.
    this.#offsetMs = sentAtMs - Date.parse(claim.createdAt);
    this.#extend(claim);
    this.#renewIn(this.#ttlMs / 3);
  }

  /** Aborts when the claim is lost; its reason says why. */
  get signal(): AbortSignal {
    return this.#loss.signal;
  }

  /** Stops renewing. */
  close(): void {
    clearTimeout(this.#renewal);
    clearTimeout(this.#expiry);
    this.#stop.abort();
  }

  #extend({ expiresAt }: Claim): void {
    clearTimeout(this.#expiry);
    const remainingMs = Date.parse(expiresAt) + this.#offsetMs - performance.now();
    this.#expiry = setTimeout(() => {
      this.#lose(lost(`Claim ${this.#id} has expired, because it could not be renewed in time.`));
    }, remainingMs);
  }

  #renewIn(delayMs: number): void {
    this.#renewal = setTimeout(() => void this.#renew(), delayMs);
  }

  async #renew(): Promise<void> {
    try {
      // A request without a response must leave time for another one before the claim expires.
      const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(Math.ceil(this.#ttlMs / 3))]);
      const claim = await this.#claims.renew.mutate({ id: this.#id }, { signal });
      if (this.#stop.signal.aborted) return;
      this.#extend(claim);
      this.#renewIn(this.#ttlMs / 3);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      if (error instanceof WarmpoolClientError && HAS_ENDED.has(error.code)) this.#lose(lost(error.message, error));
      else this.#renewIn(this.#ttlMs / 10);
    }
  }

  #lose(reason: WarmpoolClientError): void {
    this.close();
    this.#loss.abort(reason);
  }
}
