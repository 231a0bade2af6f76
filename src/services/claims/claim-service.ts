// The use cases of claims: the rules that apply to every runtime. What differs between runtimes is in the ports.
import type { Claim, ClaimListOptions, CreateClaim } from '../../contract/claim.ts';
import { ENDED_CLAIM_MS, TTL_DEFAULT_SECONDS } from '../../contract/limits.ts';
import { rfc3339 } from '../../lib/clock.ts';
import { CreateOnce } from '../idempotency/create-once.ts';
import { newRetryRecord, type KeyedRequest } from '../idempotency/retry-record.ts';
import { poolIsDeleting } from '../pools/pool-errors.ts';
import { WarmpoolError } from '../warmpool-error.ts';
import { claimHasEnded, claimNotFound } from './claim-errors.ts';
import { ClaimLines } from './claim-lines.ts';
import { claimPage, type ClaimPage } from './claim-page.ts';
import type { ClaimPorts, StoredClaim } from './ports.ts';

type CreateClaimOptions = {
  /** Aborts when the client disconnects: it leaves the line. */
  readonly signal?: AbortSignal | undefined;
  /** The request's Idempotency-Key, and what it depends on. */
  readonly retry?: Omit<KeyedRequest, 'operation' | 'body'> | undefined;
};

/** How often claims are checked for having expired, in milliseconds. */
const SWEEP_MS = 1_000;

export class ClaimService {
  readonly #ports: ClaimPorts;
  /** Why the runtime has no claims, where it has none. */
  readonly #lines: ClaimLines | WarmpoolError;
  readonly #createOnce: CreateOnce<StoredClaim>;
  #cancelSweep: () => void = () => undefined;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(ports: ClaimPorts) {
    const { claims, clock } = ports;
    this.#ports = ports;
    const resources = {
      findByRetryKey: (key: string) => claims.findByRetryKey(key),
      retryRecordOf: ({ retry }: StoredClaim) => retry,
      isReplayable: () => true,
      describe: ({ claim }: StoredClaim) => `claim "${claim.id}"`,
    };
    this.#createOnce = new CreateOnce(resources, clock);
    this.#lines = claims.refusal ?? new ClaimLines(ports);
    if (claims.refusal === undefined) this.#sweep();
  }

  /**
   * Binds a member of the pool, and waits for one if need be. Errors: POOL_NOT_FOUND, POOL::DELETING,
   * POOL_CAPACITY_EXHAUSTED, CLAIM::TIMEOUT, KEY_REUSED, SERVER::BUSY, SERVER::SHUTTING_DOWN.
   */
  async create(
    poolName: string,
    { ttlSeconds = TTL_DEFAULT_SECONDS, waitSeconds = 0, labels: given = {} }: CreateClaim,
    { signal, retry }: CreateClaimOptions = {},
  ): Promise<{ readonly claim: Claim; readonly isReplay: boolean }> {
    const lines = this.#supported();
    const { store, claims, clock, observer, maxLifetimeSeconds = Infinity } = this.#ports;
    const createdAtMs = clock.now();
    const labels = Object.keys(given).length > 0 ? given : undefined;
    let poolUid: string | undefined;
    const request = retry && { ...retry, operation: 'claims.create', body: { pool: poolName, ttlSeconds, labels } };
    try {
      const record = request && newRetryRecord(request, createdAtMs);
      const recalling = record && claims.recall(record.key);
      // Those that need not wait keep their place in line.
      if (recalling !== undefined) await recalling;
      // A replay does not depend on the pool, which may be deleted.
      const known = request && this.#createOnce.find(request);
      if (known !== undefined) return { claim: known.claim, isReplay: true };
      const pool = await store.get(poolName);
      poolUid = pool.uid;
      // Meanwhile another request may have created it. From here to its place in line nothing comes between.
      const created = request && this.#createOnce.find(request);
      if (created !== undefined) return { claim: created.claim, isReplay: true };
      if (pool.deletingSince !== undefined) throw poolIsDeleting(poolName);
      const refusal = claims.refusalOf(pool);
      if (refusal !== undefined) throw refusal;
      const draft = {
        ttlSeconds,
        labels,
        createdAtMs,
        leaseMs: Math.min(ttlSeconds, maxLifetimeSeconds) * 1_000,
        retry: record,
      };
      const { stored, isReplay } = await lines.join(pool, draft, { waitMs: waitSeconds * 1_000, signal });
      return { claim: stored.claim, isReplay };
    } catch (error) {
      // A client that disconnected was not refused.
      if (error instanceof WarmpoolError && signal?.aborted !== true) observer.claimRefused(error.code, poolUid);
      throw error;
    }
  }

  /** Claims of a pool, or of all pools, ordered by creation time and id. Errors: POOL_NOT_FOUND; REQUEST::INVALID for a `continue` of another list. */
  async list({ pool, ...options }: ClaimListOptions & { readonly pool?: string | undefined }): Promise<ClaimPage> {
    this.#supported();
    const { store, claims } = this.#ports;
    const poolUid = pool === undefined ? undefined : (await store.get(pool)).uid;
    return claimPage(await claims.list({ poolUid, includesEnded: options.state === 'all' }), options, poolUid);
  }

  /** Errors: CLAIM::NOT_FOUND. */
  async get(id: string): Promise<Claim> {
    this.#supported();
    const stored = await this.#ports.claims.get(id);
    if (stored === undefined) throw claimNotFound(id);
    return stored.claim;
  }

  /** Holds the member for `ttlSeconds` from now; default: the claim's own. Errors: CLAIM::NOT_FOUND, CLAIM::ENDED. */
  async renew(id: string, ttlSeconds?: number): Promise<Claim> {
    this.#supported();
    const { claims, clock, maxLifetimeSeconds = Infinity } = this.#ports;
    const { claim } = await claims.update(id, (present) => {
      const nowMs = clock.now();
      if (present.claim.state !== 'bound' || nowMs >= present.expiresAtMs) throw claimHasEnded(present.claim);
      const ttl = ttlSeconds ?? present.claim.ttlSeconds;
      const latestMs = Date.parse(present.claim.boundAt) + maxLifetimeSeconds * 1_000;
      const expiresAtMs = Math.min(nowMs + ttl * 1_000, latestMs);
      return { ...present, expiresAtMs, claim: { ...present.claim, ttlSeconds: ttl, expiresAt: rfc3339(expiresAtMs) } };
    });
    return claim;
  }

  /** Ends the claim; does nothing if it has ended. Errors: CLAIM::NOT_FOUND. */
  async release(id: string): Promise<Claim> {
    this.#supported();
    return (await this.#ports.claims.end(id, { state: 'released' })).claim;
  }

  /** Stops a member; the pool replaces it. Errors: POOL_NOT_FOUND, MEMBER::NOT_FOUND, MEMBER::IN_USE unless `isForced`. */
  async evict(poolName: string, member: string, isForced = false): Promise<void> {
    this.#supported();
    const { store, claims } = this.#ports;
    const pool = await store.get(poolName);
    const refusal = claims.refusalOf(pool);
    if (refusal !== undefined) throw refusal;
    await claims.evict(pool, member, { isForced });
  }

  /** Ends every wait. */
  async close(): Promise<void> {
    this.#cancelSweep();
    if (this.#lines instanceof ClaimLines) this.#lines.close();
    await this.#sweeping;
  }

  /** Throws where the runtime has no claims. */
  #supported(): ClaimLines {
    if (this.#lines instanceof WarmpoolError) throw this.#lines;
    return this.#lines;
  }

  /** One timer for all claims. The first run is at once: for claims that expired while no server ran. */
  #sweep(): void {
    this.#sweeping = this.#endExpired();
    this.#cancelSweep = this.#ports.clock.after(SWEEP_MS, () => {
      this.#sweep();
    });
  }

  async #endExpired(): Promise<void> {
    const { claims, clock, observer } = this.#ports;
    const nowMs = clock.now();
    try {
      await Promise.all(claims.expired(nowMs).map((id) => claims.end(id, { state: 'expired' })));
      await claims.forget(nowMs - ENDED_CLAIM_MS);
    } catch (error) {
      observer.claimSweepFailed(error);
    }
  }
}
