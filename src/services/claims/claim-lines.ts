// Hands out members: at once where one is idle, otherwise in the order in which the clients came.
import { WAITING_MAX, WAITING_PER_POOL_MAX } from '../../contract/limits.ts';
import { keyReused, type RetryRecord } from '../idempotency/retry-record.ts';
import { poolIsDeleting, poolNotFound } from '../pools/pool-errors.ts';
import type { PoolEvent } from '../pools/ports.ts';
import type { Pool } from '../pools/pool.ts';
import { serverIsStopping, WarmpoolError } from '../warmpool-error.ts';
import { clientHasLeft } from './claim-errors.ts';
import { noMember } from './no-member.ts';
import type { ClaimPorts, StoredClaim } from './ports.ts';
import { Place, WaitingLine, type Caller } from './waiting-line.ts';

type JoinOptions = {
  /** How long to wait if no member is idle, in milliseconds. */
  readonly waitMs: number;
  /** Aborts when the client disconnects. */
  readonly signal?: AbortSignal | undefined;
};

/** A claim, and whether another request with the same key had begun to create it. */
type Joined = { readonly stored: StoredClaim; readonly isReplay: boolean };

const BUSY_RETRY_SECONDS = 10;
const RELEASE_RETRY_MS = 1_000;

export class ClaimLines {
  readonly #ports: ClaimPorts;
  /** By the uid of the pool; only those in which someone waits. */
  readonly #lines = new Map<string, WaitingLine>();
  /** Every place whose request had an Idempotency-Key, until its claim is bound. */
  readonly #placesByKey = new Map<string, Place>();
  /** Number of callers that wait, by the uid of the pool. */
  readonly #waiting = new Map<string, number>();
  #waitingInTotal = 0;
  readonly #stop = new AbortController();

  constructor(ports: ClaimPorts) {
    this.#ports = ports;
    ports.claims.subscribe((poolUid) => {
      this.#serve(poolUid);
    });
    void this.#follow();
  }

  /**
   * Errors: POOL_CAPACITY_EXHAUSTED, CLAIM::TIMEOUT, KEY_REUSED, SERVER::BUSY, SERVER::SHUTTING_DOWN; POOL_NOT_FOUND and
   * POOL::DELETING if the pool is deleted meanwhile.
   */
  async join(pool: Pool, draft: Place['draft'], { waitMs, signal }: JoinOptions): Promise<Joined> {
    this.#stop.signal.throwIfAborted();
    if (signal?.aborted === true) throw clientHasLeft();
    const shared = this.#sharedPlace(draft.retry);
    const isServed = shared ? !this.#isInLine(pool.uid, shared) : this.#ports.claims.hasIdle(pool.uid);
    const refusal = isServed ? undefined : this.#refusal(pool, waitMs);
    if (refusal !== undefined) throw refusal;
    const place = shared ?? this.#enter(pool, draft);
    const isWaiting = this.#isInLine(pool.uid, place);
    if (isWaiting) this.#countWaiting(pool.uid, 1);
    try {
      return { stored: await this.#wait(pool, place, { waitMs, signal }), isReplay: shared !== undefined };
    } finally {
      if (isWaiting) this.#countWaiting(pool.uid, -1);
    }
  }

  /** Ends every wait. */
  close(): void {
    const reason = serverIsStopping();
    this.#stop.abort(reason);
    for (const uid of [...this.#lines.keys()]) this.#dissolve(uid, reason);
  }

  #sharedPlace(retry: RetryRecord | undefined): Place | undefined {
    const place = retry && this.#placesByKey.get(retry.key);
    if (place !== undefined && place.draft.retry?.body !== retry?.body) throw keyReused('waits for a claim');
    return place;
  }

  #enter(pool: Pool, draft: Place['draft']): Place {
    const place = new Place(draft);
    if (draft.retry !== undefined) this.#placesByKey.set(draft.retry.key, place);
    const line = this.#lines.get(pool.uid) ?? new WaitingLine(pool);
    this.#lines.set(pool.uid, line);
    line.join(place);
    this.#serve(pool.uid);
    place.hasWaited = line.has(place);
    return place;
  }

  #isInLine(poolUid: string, place: Place): boolean {
    return this.#lines.get(poolUid)?.has(place) ?? false;
  }

  /** Why a caller cannot wait; undefined if it can. */
  #refusal(pool: Pool, waitMs: number): WarmpoolError | undefined {
    const { length = 0 } = this.#lines.get(pool.uid) ?? {};
    if (waitMs === 0) return this.#noMember(pool, { ahead: length, waitMs });
    const waiting = this.#waiting.get(pool.uid) ?? 0;
    if (waiting < WAITING_PER_POOL_MAX && this.#waitingInTotal < WAITING_MAX) return undefined;
    return new WarmpoolError(
      'SERVER::BUSY',
      `Too many clients wait for a member of pool "${pool.name}". Try again later.`,
      {
        retryAfterSeconds: BUSY_RETRY_SECONDS,
      },
    );
  }

  #noMember(pool: Pool, wait: { readonly ahead: number; readonly waitMs: number }): WarmpoolError {
    const { claims, clock } = this.#ports;
    return noMember({ ...wait, pool, members: claims.membersOf(pool.uid), nowMs: clock.now() });
  }

  #countWaiting(poolUid: string, change: 1 | -1): void {
    this.#waitingInTotal += change;
    const waiting = (this.#waiting.get(poolUid) ?? 0) + change;
    if (waiting === 0) this.#waiting.delete(poolUid);
    else this.#waiting.set(poolUid, waiting);
  }

  async #wait(pool: Pool, place: Place, { waitMs, signal }: JoinOptions): Promise<StoredClaim> {
    const { clock } = this.#ports;
    const { promise, resolve, reject } = Promise.withResolvers<StoredClaim>();
    const leave = (error: WarmpoolError) => {
      place.callers.delete(caller);
      if (place.callers.size === 0 && this.#isInLine(pool.uid, place)) this.#giveUp(pool.uid, place);
      reject(error);
    };
    const timeOut = () => {
      const line = this.#lines.get(pool.uid);
      // The others of the line: their deadlines may be later.
      if (line?.has(place) === true) leave(this.#noMember(pool, { ahead: line.length - 1, waitMs }));
    };
    const hangUp = () => {
      leave(clientHasLeft());
    };
    const caller: Caller = { deadlineMs: clock.now() + waitMs, resolve, reject, timeOut };
    place.callers.add(caller);
    const cancel = clock.after(waitMs, timeOut);
    signal?.addEventListener('abort', hangUp);
    try {
      return await promise;
    } finally {
      cancel();
      signal?.removeEventListener('abort', hangUp);
    }
  }

  #giveUp(poolUid: string, place: Place): void {
    this.#forgetKey(place);
    const line = this.#lines.get(poolUid);
    line?.leave(place);
    if (line !== undefined) this.#publish(poolUid, line);
  }

  /** Binds idle members for the first in line, until there are no more of either. */
  #serve(poolUid: string): void {
    const line = this.#lines.get(poolUid);
    if (line === undefined) return;
    while (line.length > 0 && this.#ports.claims.hasIdle(poolUid)) {
      const place = line.takeFirst();
      if (place !== undefined) void this.#bind(line, place);
    }
    this.#publish(poolUid, line);
  }

  /** Reports how many places are in line, and forgets a line in which nobody waits. */
  #publish(poolUid: string, line: WaitingLine): void {
    this.#ports.claims.setUnmet(poolUid, line.length);
    if (line.length === 0) this.#lines.delete(poolUid);
  }

  async #bind(line: WaitingLine, place: Place): Promise<void> {
    const { claims, clock, observer } = this.#ports;
    const { draft } = place;
    try {
      const stored = await claims.bind(line.pool, { ...draft, launch: place.hasWaited ? 'cold' : 'warm' });
      if (stored === undefined) {
        this.#returnToLine(line, place);
        return;
      }
      observer.claimBound(stored.claim, (clock.now() - draft.createdAtMs) / 1_000);
      this.#forgetKey(place);
      place.resolve(stored);
      // Nobody knows the claim, and nobody can ask for it again.
      if (place.callers.size === 0 && draft.retry === undefined) this.#release(stored.claim.id);
    } catch (error) {
      this.#forgetKey(place);
      place.reject(error);
    }
  }

  #release(claimId: string): void {
    const { claims, clock, observer } = this.#ports;
    claims.end(claimId, { state: 'released' }).catch((error: unknown) => {
      observer.claimSweepFailed(error);
      clock.after(RELEASE_RETRY_MS, () => {
        if (!this.#stop.signal.aborted) this.#release(claimId);
      });
    });
  }

  /** Somebody else got the member. */
  #returnToLine(line: WaitingLine, place: Place): void {
    const { uid } = line.pool;
    place.hasWaited = true;
    const current = this.#lines.get(uid) ?? line;
    this.#lines.set(uid, current);
    current.returnFirst(place);
    if (place.callers.size === 0) this.#giveUp(uid, place);
    const nowMs = this.#ports.clock.now();
    for (const caller of [...place.callers]) if (nowMs >= caller.deadlineMs) caller.timeOut();
    this.#serve(uid);
  }

  #forgetKey({ draft: { retry } }: Place): void {
    if (retry !== undefined) this.#placesByKey.delete(retry.key);
  }

  #dissolve(poolUid: string, reason: WarmpoolError): void {
    const line = this.#lines.get(poolUid);
    if (line === undefined) return;
    for (const place of line.clear()) {
      this.#forgetKey(place);
      place.reject(reason);
    }
    this.#publish(poolUid, line);
  }

  /** Callers in line wait for one pool: one that is created again under its name does not serve them. */
  async #follow(): Promise<void> {
    for await (const event of this.#ports.store.watch(this.#stop.signal)) this.#take(event);
  }

  #take(event: PoolEvent): void {
    if (event.type === 'synced') return;
    const { pool } = event;
    const line = this.#lines.get(pool.uid);
    if (line === undefined) return;
    line.pool = pool;
    if (event.type === 'deleted') this.#dissolve(pool.uid, poolNotFound(pool.name));
    else {
      const refusal = pool.deletingSince === undefined ? this.#ports.claims.refusalOf(pool) : poolIsDeleting(pool.name);
      if (refusal !== undefined) this.#dissolve(pool.uid, refusal);
    }
  }
}
