// Claims on pods: the mark on a pod is the claim.
import type { Claim } from '../../../contract/claim.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { ClaimDraft, ClaimEnd, ClaimStore, PoolMembers, StoredClaim } from '../../claims/ports.ts';
import { evictMember } from '../../controller/evict-member.ts';
import { MemberDurations } from '../../controller/member-durations.ts';
import type { MemberOrders } from '../../controller/member-orders.ts';
import type { MemberTable } from '../../controller/member-table.ts';
import { poolMembers } from '../../controller/pool-members.ts';
import { keyReused, type RetryRecord } from '../../idempotency/retry-record.ts';
import { poolIsDeleting, poolNotFound } from '../../pools/pool-errors.ts';
import type { Pool } from '../../pools/pool.ts';
import type { RuntimeObserver } from '../../runtime-observer.ts';
import type { WarmpoolError } from '../../warmpool-error.ts';
import { endedMark } from '../pods/claim-mark.ts';
import type { SyncStatus } from '../cache/sync-status.ts';
import { markPatch } from '../pods/mark-patches.ts';
import { isManaged } from '../pods/pod-metadata.ts';
import type { PodRecord } from '../pods/pod-record.ts';
import type { PodTable } from '../pods/pod-table.ts';
import type { PodWriter } from '../pods/pod-writer.ts';
import type { ClaimKeys } from './claim-keys.ts';
import { keepsChanging } from './claim-refusals.ts';
import { notManaged } from '../contest/handover.ts';
import { recyclingOf, renewedMark, type MarkedPod } from './marked-claim.ts';
import { MarkedClaims } from './marked-claims.ts';
import { PodBinder } from './pod-binder.ts';
import type { WaitingCallers } from './waiting-callers.ts';

type PodClaimStoreOptions = {
  readonly pods: PodTable;
  /** Of the pods. */
  readonly sync: Pick<SyncStatus, 'waitForSync' | 'forbidden' | 'notReady'>;
  readonly writer: PodWriter;
  readonly keys: ClaimKeys;
  readonly callers: WaitingCallers;
  readonly members: MemberTable;
  readonly orders: MemberOrders;
  readonly clock: Clock;
  readonly observer: Pick<RuntimeObserver, 'claimEnded' | 'driverFailed'>;
  readonly findPool: (uid: string) => Pool | undefined;
  /** Why nobody gets a member of a pool that another controller acts on; undefined if none does. */
  readonly contestOf: (pool: Pool) => WarmpoolError | undefined;
  /** A claim has lost its member, which the leader reports, or the server that ended it. */
  readonly onLost: (claim: Pick<Claim, 'id' | 'poolUid'>, reason: string) => void;
  readonly backOffOf: (poolUid: string) => PoolMembers['backOff'];
  readonly isPoolDeleted: (uid: string) => boolean;
  /** Calls `onDeleted` with the uid of each pool that is deleted. */
  readonly onPoolDeleted: (onDeleted: (uid: string) => void) => void;
  /** Whether this server ends claims that have expired or lost their pod. */
  readonly isLeader: () => boolean;
  readonly canRestart: (pod: PodRecord) => boolean;
  /** Carries out what is written on a pod whose claim has ended. */
  readonly recycle: (pod: PodRecord) => void;
};

/** Of a write whose pod keeps changing. */
const ATTEMPTS_MAX = 20;
const LOSS_RETRY_MS = 1_000;

export class PodClaimStore implements ClaimStore {
  readonly refusal = undefined;
  readonly #options: PodClaimStoreOptions;
  readonly #claims: MarkedClaims;
  readonly #binder: PodBinder;
  readonly #durations: MemberDurations;

  constructor(options: PodClaimStoreOptions) {
    const { members, clock, observer, isLeader, onLost } = options;
    this.#options = options;
    this.#durations = new MemberDurations(members, clock);
    this.#binder = new PodBinder({
      ...options,
      abandon: (claimId) => void this.#endLost(claimId, 'Unanswered'),
    });
    this.#claims = new MarkedClaims({
      ...options,
      onLost: ({ poolUid, mark }, reason) => {
        this.#durations.recordHold(poolUid, mark.boundAt);
        if (!isLeader()) return;
        observer.claimEnded('lost');
        onLost({ id: mark.id, poolUid }, reason);
      },
    });
    options.onPoolDeleted((uid) => {
      this.#claims.loseAll(uid, 'PoolDeleted');
      this.#durations.forget(uid);
    });
    members.subscribe({
      lost: (claimId, reason) => {
        if (reason === 'MemberFailed' && isLeader()) void this.#endLost(claimId, reason);
      },
    });
  }

  refusalOf(pool: Pool): WarmpoolError | undefined {
    if (!isManaged(pool)) return notManaged(pool);
    const { sync, contestOf } = this.#options;
    return sync.forbidden ?? sync.notReady ?? contestOf(pool);
  }

  hasIdle(poolUid: string): boolean {
    return this.#options.members.hasIdle(poolUid);
  }

  async bind(pool: Pool, draft: ClaimDraft): Promise<StoredClaim | undefined> {
    // A client in line may have waited for long.
    this.#checkPool(this.#options.findPool(pool.uid) ?? pool);
    const bound = await this.#binder.bind(pool, draft);
    if (bound === undefined) return undefined;
    // The pods of a deleted pool are deleted a moment later: nobody hears of this claim.
    if (this.#options.isPoolDeleted(pool.uid)) throw poolNotFound(pool.name);
    return draft.retry === undefined ? this.#claims.stored(bound) : this.#keep(bound, draft.retry);
  }

  async update(id: string, change: (present: StoredClaim) => StoredClaim): Promise<StoredClaim> {
    const { writer } = this.#options;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const pod = await this.#claims.podOf(id);
      const present = this.#claims.present(id);
      const changed = change(present);
      // Its pod is gone.
      if (pod === undefined) return present;
      const mark = renewedMark(pod.mark, changed);
      const outcome = await writer.patch(pod, markPatch(pod, mark));
      if (outcome === 'done') return this.#claims.present(id);
      await writer.read(pod.name);
    }
    throw keepsChanging(id);
  }

  async end(id: string, end: ClaimEnd): Promise<StoredClaim> {
    const { pods, writer, findPool, canRestart, clock, observer, recycle, onLost } = this.#options;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const pod = await this.#claims.podOf(id);
      const present = this.#claims.present(id);
      if (pod === undefined || present.claim.state !== 'bound') return present;
      const mark = endedMark(
        pod.mark,
        end,
        recyclingOf(pod, { pool: findPool(pod.poolUid), end, canRestart }),
        clock.now(),
      );
      const outcome = await writer.patch(pod, markPatch(pod, mark));
      if (outcome === 'done') {
        observer.claimEnded(end.state);
        if (end.state === 'lost') onLost({ id, poolUid: pod.poolUid }, end.reason);
        this.#durations.recordHold(pod.poolUid, mark.boundAt);
        const ended = pods.get(pod.name);
        const stored = this.#claims.present(id);
        if (ended?.mark?.id === id) recycle(ended);
        return stored;
      }
      await writer.read(pod.name);
    }
    throw keepsChanging(id);
  }

  async get(id: string): Promise<StoredClaim | undefined> {
    await this.#claims.podOf(id);
    return this.#claims.index.get(id);
  }

  async list(options: Parameters<ClaimStore['list']>[0]) {
    await this.#options.sync.waitForSync();
    return this.#claims.index.list(options);
  }

  async recall(key: string): Promise<void> {
    if (this.findByRetryKey(key) !== undefined) return;
    const keyed = await this.#options.keys.get(key);
    if (keyed === undefined) return;
    const { retry, claim } = keyed;
    const known = await this.get(claim.id);
    // Its pod is gone, and this server did not see its end.
    const lost = { ...claim, state: 'lost', reason: 'MemberGone', endedAt: claim.expiresAt } as const;
    this.#claims.setRetry(known ?? { claim: lost, expiresAtMs: Date.parse(claim.expiresAt) }, retry);
  }

  findByRetryKey(key: string): StoredClaim | undefined {
    return this.#claims.index.getByRetryKey(key);
  }

  evict(pool: Pool, name: string, options: { readonly isForced: boolean }): Promise<void> {
    const { members, orders } = this.#options;
    return evictMember({ members, orders, end: (id, end) => this.end(id, end) }, pool, name, options);
  }

  setUnmet(poolUid: string, count: number): void {
    this.#options.callers.setCount(poolUid, count);
  }

  membersOf(poolUid: string): PoolMembers {
    const { members, backOffOf } = this.#options;
    const { index: claims } = this.#claims;
    return poolMembers(poolUid, { members, durations: this.#durations, claims, backOff: backOffOf(poolUid) });
  }

  subscribe(onIdle: (poolUid: string) => void): void {
    this.#options.members.subscribe({ idle: onIdle });
  }

  expired(nowMs: number): readonly string[] {
    if (!this.#options.isLeader()) return [];
    const expired = this.#claims.index.live().filter(({ expiresAtMs }) => nowMs >= expiresAtMs);
    return Array.from(expired, ({ claim }) => claim.id);
  }

  async forget(endedBeforeMs: number): Promise<void> {
    this.#claims.forget(endedBeforeMs);
  }

  /** Makes a new claim the one of its key. If another server was faster, returns the claim of that one. */
  async #keep(pod: MarkedPod, retry: RetryRecord): Promise<StoredClaim> {
    const stored = this.#claims.stored(pod);
    let isKept = false;
    try {
      isKept = await this.#options.keys.take({ retry, claim: stored.claim });
    } finally {
      if (!isKept) await this.#takeBack(pod);
    }
    if (isKept) return this.#claims.setRetry(stored, retry);
    await this.recall(retry.key);
    const winner = this.findByRetryKey(retry.key);
    if (winner?.retry?.body !== retry.body) throw keyReused('created a claim');
    return winner;
  }

  async #takeBack(pod: MarkedPod): Promise<void> {
    await this.#binder.takeBack(pod);
    this.#claims.drop(pod.mark.id);
  }

  #checkPool(pool: Pool): void {
    if (this.#options.isPoolDeleted(pool.uid)) throw poolNotFound(pool.name);
    const refusal = pool.deletingSince === undefined ? this.refusalOf(pool) : poolIsDeleting(pool.name);
    if (refusal !== undefined) throw refusal;
  }

  async #endLost(claimId: string, reason: string): Promise<void> {
    const { clock, observer } = this.#options;
    try {
      await this.end(claimId, { state: 'lost', reason });
    } catch (error) {
      observer.driverFailed(undefined, error, LOSS_RETRY_MS);
      clock.after(LOSS_RETRY_MS, () => void this.#endLost(claimId, reason));
    }
  }
}
