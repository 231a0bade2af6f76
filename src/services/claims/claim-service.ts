// The use cases of claims: the rules that apply to every runtime. What differs between runtimes is in the ports.
import type { ClaimListOptions, CreateClaim } from '../../contract/claim.ts';
import type { Claim } from '../../contract/claim.ts';
import type { Clock } from '../../lib/clock.ts';
import type { KeyedRequest } from '../idempotency/retry-record.ts';
import type { PoolStore } from '../pools/ports.ts';
import type { ClaimObserver } from '../runtime-observer.ts';
import type { ClaimStore } from './ports.ts';

export type ClaimPorts = {
  readonly store: PoolStore;
  readonly claims: ClaimStore;
  readonly clock: Clock;
  readonly observer: ClaimObserver;
};

type CreateClaimOptions = {
  /** Aborts when the client hangs up: it leaves the line. */
  readonly signal?: AbortSignal | undefined;
  /** The request's Idempotency-Key, and what it depends on. */
  readonly retry?: Omit<KeyedRequest, 'operation' | 'body'> | undefined;
};

export type ClaimPage = {
  readonly claims: readonly Claim[];
  /** The continuation token and the number of claims that follow; absent on the last page. */
  readonly more?: { readonly token: string; readonly count: number };
};

export class ClaimService {
  readonly #ports: ClaimPorts;

  constructor(ports: ClaimPorts) {
    this.#ports = ports;
  }

  /** Errors: POOL_NOT_FOUND, POOL_CAPACITY_EXHAUSTED, CLAIM::TIMEOUT, POOL::DELETING, KEY_REUSED, SERVER::BUSY. */
  create(
    poolName: string,
    given: CreateClaim,
    options: CreateClaimOptions = {},
  ): Promise<{ readonly claim: Claim; readonly isReplay: boolean }> {
    throw (
      this.#ports.claims.refusal ??
      new Error(`not built yet: ${JSON.stringify([poolName, given, options, this.#ports.claims.refusal])}`)
    );
  }

  /** Claims of a pool, or of all pools, ordered by creation time and id. Errors: POOL_NOT_FOUND; REQUEST::INVALID for a `continue` of another list. */
  list(options: ClaimListOptions & { readonly pool?: string | undefined }): Promise<ClaimPage> {
    throw this.#ports.claims.refusal ?? new Error(`not built yet: ${JSON.stringify(options)}`);
  }

  /** Errors: CLAIM::NOT_FOUND. */
  get(id: string): Promise<Claim> {
    throw this.#ports.claims.refusal ?? new Error(`not built yet: ${id}`);
  }

  /** Errors: CLAIM::NOT_FOUND, CLAIM::ENDED. */
  renew(id: string, ttlSeconds?: number): Promise<Claim> {
    throw this.#ports.claims.refusal ?? new Error(`not built yet: ${id} ${ttlSeconds}`);
  }

  /** Ends the claim; does nothing if it has ended. Returns it. Errors: CLAIM::NOT_FOUND. */
  release(id: string): Promise<Claim> {
    throw this.#ports.claims.refusal ?? new Error(`not built yet: ${id}`);
  }

  /** Stops a member; the pool replaces it. Errors: POOL_NOT_FOUND, MEMBER::NOT_FOUND, MEMBER::IN_USE unless `isForced`. */
  evict(pool: string, member: string, isForced = false): Promise<void> {
    throw this.#ports.claims.refusal ?? new Error(`not built yet: ${pool} ${member} ${isForced}`);
  }

  /** Ends every wait. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
