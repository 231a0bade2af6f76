// Claims in memory: live ones, and those that have ended, as long as they are remembered.
import { ENDED_CLAIMS_MAX } from '../../contract/limits.ts';
import type { ClaimStore, StoredClaim } from './ports.ts';

/** A live claim, and when it was bound in epoch milliseconds: a forecast reads it of every claim of a pool. */
type LiveClaim = StoredClaim & { readonly boundAtMs: number };

const NO_CLAIMS: ReadonlyMap<string, LiveClaim> = new Map();

/** By creation time, then by id. */
const byAge = ({ claim: a }: StoredClaim, { claim: b }: StoredClaim): number => {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.id < b.id ? -1 : 1;
};

export class ClaimIndex {
  readonly #live = new Map<string, StoredClaim>();
  readonly #liveByPool = new Map<string, Map<string, LiveClaim>>();
  /** In the order in which they ended. */
  readonly #ended = new Map<string, StoredClaim>();
  readonly #byRetryKey = new Map<string, StoredClaim>();

  get(id: string): StoredClaim | undefined {
    return this.#live.get(id) ?? this.#ended.get(id);
  }

  /** The claim that a request with this key created. */
  getByRetryKey(key: string): StoredClaim | undefined {
    return this.#byRetryKey.get(key);
  }

  live(): IteratorObject<StoredClaim> {
    return this.#live.values();
  }

  liveOf(poolUid: string): IteratorObject<LiveClaim> {
    return (this.#liveByPool.get(poolUid) ?? NO_CLAIMS).values();
  }

  /** The one that ended first is first. */
  ended(): IteratorObject<StoredClaim> {
    return this.#ended.values();
  }

  /** Claims of a pool, or of all pools, live ones or also those that have ended, ordered by creation time and id. */
  list({ poolUid, includesEnded }: Parameters<ClaimStore['list']>[0]): StoredClaim[] {
    const ended = includesEnded ? this.ended().filter(({ claim }) => (poolUid ?? claim.poolUid) === claim.poolUid) : [];
    const live = poolUid === undefined ? this.live() : this.liveOf(poolUid);
    return [...live, ...ended].sort(byAge);
  }

  put(stored: StoredClaim): void {
    const { id, poolUid, state, boundAt } = stored.claim;
    this.#drop(id, poolUid);
    if (state === 'bound') {
      this.#live.set(id, stored);
      const ofPool = this.#liveByPool.get(poolUid) ?? new Map<string, LiveClaim>();
      this.#liveByPool.set(poolUid, ofPool.set(id, { ...stored, boundAtMs: Date.parse(boundAt) }));
    } else this.#ended.set(id, stored);
    this.#putRetryKey(stored);
  }

  /** Removes a claim that nobody heard of. */
  drop(id: string): void {
    const known = this.get(id);
    if (known === undefined) return;
    this.#drop(id, known.claim.poolUid);
    const { retry } = known;
    if (retry !== undefined && this.#byRetryKey.get(retry.key)?.claim.id === id) this.#byRetryKey.delete(retry.key);
  }

  /** Removes the ended claims that are no longer remembered, and returns their ids. */
  forget(endedBeforeMs: number): string[] {
    const forgotten: string[] = [];
    for (const [id, { claim, retry }] of this.#ended) {
      const isOld = Date.parse(claim.endedAt ?? '') < endedBeforeMs;
      if (!isOld && this.#ended.size <= ENDED_CLAIMS_MAX) break;
      this.#ended.delete(id);
      if (retry !== undefined && this.#byRetryKey.get(retry.key)?.claim.id === id) this.#byRetryKey.delete(retry.key);
      forgotten.push(id);
    }
    return forgotten;
  }

  /** A key that was used again after it expired belongs to the newer claim. */
  #putRetryKey(stored: StoredClaim): void {
    if (stored.retry === undefined) return;
    const { key, at } = stored.retry;
    const holder = this.#byRetryKey.get(key)?.retry;
    if (holder === undefined || holder.at <= at) this.#byRetryKey.set(key, stored);
  }

  #drop(id: string, poolUid: string): void {
    this.#ended.delete(id);
    this.#live.delete(id);
    const ofPool = this.#liveByPool.get(poolUid);
    ofPool?.delete(id);
    if (ofPool?.size === 0) this.#liveByPool.delete(poolUid);
  }
}
