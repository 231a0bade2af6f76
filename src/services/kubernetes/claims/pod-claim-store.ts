// Claims on pods: the mark on a pod is the claim. This server's table and index follow what is written there.
import { rfc3339, type Clock } from '../../../lib/clock.ts';
import { claimNotFound, memberInUse, memberNotFound } from '../../claims/claim-errors.ts';
import { byAge, ClaimIndex } from '../../claims/claim-index.ts';
import type { ClaimDraft, ClaimEnd, ClaimStore, PoolMembers, StoredClaim } from '../../claims/ports.ts';
import { decideRecycling } from '../../claims/recycling.ts';
import { MemberDurations } from '../../controller/member-durations.ts';
import type { MemberOrders } from '../../controller/member-orders.ts';
import type { MemberTable } from '../../controller/member-table.ts';
import { poolMembers } from '../../controller/pool-members.ts';
import { revisionOf } from '../../planning/revision.ts';
import type { Pool } from '../../pools/pool.ts';
import type { RuntimeObserver } from '../../runtime-observer.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import type { ClaimMark } from '../pods/claim-mark.ts';
import { bindPatch, idlePatch, markPatch } from '../pods/mark-patches.ts';
import type { PodRecord } from '../pods/pod-record.ts';
import type { PodTable } from '../pods/pod-table.ts';
import { newClaimId, podOf } from './claim-id.ts';
import { claimOf, renewedMark } from './marked-claim.ts';
import type { PodWriter } from './pod-writer.ts';

type PodClaimStoreOptions = {
  readonly pods: PodTable;
  readonly writer: PodWriter;
  readonly members: MemberTable;
  readonly orders: MemberOrders;
  readonly clock: Clock;
  readonly observer: Pick<RuntimeObserver, 'claimEnded'>;
  readonly findPool: (uid: string) => Pool | undefined;
  readonly backOffOf: (poolUid: string) => PoolMembers['backOff'];
  /** Whether this server ends claims that have expired or lost their pod. */
  readonly isLeader: () => boolean;
  /** Carries out what is written on a pod whose claim has ended. */
  readonly recycle: (pod: PodRecord) => void;
};

/** For one bind with all the pods that it tries. */
const BIND_MS = 5_000;
/** Attempts of a write whose pod keeps changing. */
const ATTEMPTS_MAX = 20;

export class PodClaimStore implements ClaimStore {
  readonly refusal = undefined;
  readonly #options: PodClaimStoreOptions;
  readonly #claims = new ClaimIndex();
  readonly #durations: MemberDurations;

  constructor(options: PodClaimStoreOptions) {
    this.#options = options;
    this.#durations = new MemberDurations(options.members, options.clock);
    options.pods.subscribe({
      present: (record) => {
        this.#follow(record);
      },
      gone: (record) => {
        this.#lose(record, 'MemberGone');
      },
    });
  }

  hasIdle(poolUid: string): boolean {
    return this.#options.members.hasIdle(poolUid);
  }

  async bind(pool: Pool, draft: ClaimDraft): Promise<StoredClaim | undefined> {
    const { members, pods, clock } = this.#options;
    const endMs = clock.now() + BIND_MS;
    while (clock.now() < endMs) {
      const member = members.hold(pool.uid, revisionOf(pool), newClaimId);
      const pod = member && pods.get(member.name);
      if (member?.claimId === undefined || pod === undefined) return undefined;
      const stored = await this.#bindTo(pod, markOf(member.claimId, pod, draft, clock.now()));
      if (stored !== undefined) return stored;
    }
    return undefined;
  }

  async update(id: string, change: (present: StoredClaim) => StoredClaim): Promise<StoredClaim> {
    const { writer } = this.#options;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const pod = await this.#podOf(id);
      const changed = change(pod ? claimOf(pod, pod.mark) : this.#present(id));
      if (pod?.mark.state !== 'held') throw claimNotFound(id);
      const mark = renewedMark(pod.mark, changed);
      const outcome = await writer.patch(pod, markPatch(pod, mark), (now) => now?.mark?.expiresAt === mark.expiresAt);
      if (outcome === 'done') return this.#present(id);
      await writer.read(pod.name);
    }
    throw tooMuchTraffic(id);
  }

  async end(id: string, end: ClaimEnd): Promise<StoredClaim> {
    const { writer, observer, recycle } = this.#options;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const pod = await this.#podOf(id);
      if (pod?.mark.state !== 'held') return this.#present(id);
      const mark = this.#endedMark(pod, end);
      const outcome = await writer.patch(pod, markPatch(pod, mark), (now) => now?.mark?.endedAt === mark.endedAt);
      if (outcome === 'done') {
        observer.claimEnded(end.state);
        this.#durations.recordHold(pod.poolUid, mark.boundAt);
        const ended = this.#options.pods.get(pod.name);
        if (ended?.mark?.id === id) recycle(ended);
        return this.#present(id);
      }
      if (outcome === 'lost') await writer.read(pod.name);
    }
    throw tooMuchTraffic(id);
  }

  async get(id: string): Promise<StoredClaim | undefined> {
    const known = this.#claims.get(id);
    if (known !== undefined) return known;
    await this.#podOf(id);
    return this.#claims.get(id);
  }

  async list({ poolUid, includesEnded }: { poolUid?: string | undefined; includesEnded: boolean }) {
    const ended = includesEnded
      ? this.#claims.ended().filter(({ claim }) => (poolUid ?? claim.poolUid) === claim.poolUid)
      : [];
    const live = poolUid === undefined ? this.#claims.live() : this.#claims.liveOf(poolUid);
    return [...live, ...ended].sort(byAge);
  }

  findByRetryKey(key: string): StoredClaim | undefined {
    return this.#claims.getByRetryKey(key);
  }

  async evict(pool: Pool, name: string, { isForced }: { isForced: boolean }): Promise<void> {
    const { members, orders } = this.#options;
    const member = members.get(name);
    if (member?.poolUid !== pool.uid) throw memberNotFound(pool.name, name);
    if (member.claimId !== undefined) {
      if (!isForced) throw memberInUse(name, member.claimId);
      const { claim } = await this.end(member.claimId, { state: 'lost', reason: 'Evicted' });
      // Another end came first, and may have returned the member to the buffer or to its next holder.
      if (claim.reason !== 'Evicted' && members.get(name) !== undefined) await this.evict(pool, name, { isForced });
      return;
    }
    const { removed, errors } = await orders.stop([name]);
    if (errors.length > 0) throw errors[0];
    // Somebody bound it meanwhile.
    if (removed.length === 0 && members.get(name)?.claimId !== undefined) await this.evict(pool, name, { isForced });
  }

  setUnmet(poolUid: string, count: number): void {
    this.#options.members.setUnmet(poolUid, count);
  }

  membersOf(poolUid: string): PoolMembers {
    const { members, backOffOf } = this.#options;
    const parts = { members, durations: this.#durations, claims: this.#claims, backOff: backOffOf(poolUid) };
    return poolMembers(poolUid, parts);
  }

  subscribe(onIdle: (poolUid: string) => void): void {
    this.#options.members.subscribe({ idle: onIdle });
  }

  expired(nowMs: number): readonly string[] {
    if (!this.#options.isLeader()) return [];
    const expired = this.#claims.live().filter(({ expiresAtMs }) => nowMs >= expiresAtMs);
    return Array.from(expired, ({ claim }) => claim.id);
  }

  async forget(endedBeforeMs: number): Promise<void> {
    this.#claims.forget(endedBeforeMs);
  }

  /** Undefined if the pod went to somebody else, or turned out not to be fit for use. */
  async #bindTo(pod: PodRecord, mark: ClaimMark): Promise<StoredClaim | undefined> {
    const { pods, writer } = this.#options;
    pods.beginBind(pod, mark.id);
    let outcome: 'done' | 'lost' | 'gone' | undefined;
    try {
      outcome = await writer.patch(pod, bindPatch(pod, mark), (now) => now?.mark?.id === mark.id);
    } finally {
      pods.settle(pod.name, outcome === 'lost' ? 'lost' : 'known');
    }
    const bound = pods.get(pod.name);
    if (outcome !== 'done' || bound?.mark?.id !== mark.id || bound.mark.state !== 'held') return undefined;
    if (bound.phase === 'ready') return claimOf(bound, bound.mark);
    // It stopped being ready before this server saw that: no client hears of this claim.
    await writer.patch(bound, idlePatch(bound, String(mark.handedOut)), (now) => now?.mark === undefined);
    return undefined;
  }

  /** The pod that has the mark of a claim, held or ended; read from the API server if this server does not know it. */
  async #podOf(id: string): Promise<(PodRecord & { readonly mark: ClaimMark }) | undefined> {
    const { pods, writer } = this.#options;
    const name = this.#claims.get(id)?.claim.member.name ?? podOf(id);
    if (name === undefined) return undefined;
    if (pods.get(name)?.mark?.id !== id && this.#claims.get(id) === undefined) await writer.read(name);
    const pod = pods.get(name);
    return pod?.mark?.id === id ? { ...pod, mark: pod.mark } : undefined;
  }

  #present(id: string): StoredClaim {
    const present = this.#claims.get(id);
    if (present === undefined) throw claimNotFound(id);
    return present;
  }

  #endedMark(pod: PodRecord & { readonly mark: ClaimMark }, end: ClaimEnd): ClaimMark {
    const { clock, findPool } = this.#options;
    const pool = findPool(pod.poolUid);
    const used = pool && { revision: revisionOf(pool), recycleType: pool.specification.recycleStrategy?.type };
    const recycling = pod.isEvicted ? 'remove' : decideRecycling({ member: pod, pool: used, end });
    return {
      ...pod.mark,
      state: 'ended',
      end: end.state,
      ...(end.state === 'lost' && { reason: end.reason }),
      endedAt: rfc3339(clock.now()),
      recycling,
    };
  }

  #follow(pod: PodRecord): void {
    const { mark } = pod;
    // A held pod that is deleted keeps its mark: the claim stays lost.
    if (mark === undefined || this.#hasEnded(mark.id)) return;
    if (mark.state !== 'held' || pod.phase !== 'terminating') this.#claims.put(claimOf(pod, mark));
    else this.#lose(pod, 'MemberTerminating');
  }

  #hasEnded(id: string): boolean {
    const known = this.#claims.get(id);
    return known !== undefined && known.claim.state !== 'bound';
  }

  #lose(pod: PodRecord, reason: string): void {
    const { clock, observer, isLeader } = this.#options;
    const { mark } = pod;
    if (mark?.state !== 'held' || this.#hasEnded(mark.id)) return;
    const lost = { ...mark, state: 'ended', end: 'lost', reason, endedAt: rfc3339(clock.now()) } as const;
    this.#claims.put(claimOf(pod, lost));
    this.#durations.recordHold(pod.poolUid, mark.boundAt);
    if (isLeader()) observer.claimEnded('lost');
  }
}

const markOf = (
  id: string,
  { idle }: PodRecord,
  { launch, ttlSeconds, labels, createdAtMs, leaseMs, retry }: ClaimDraft,
  nowMs: number,
): ClaimMark => ({
  id,
  state: 'held',
  handedOut: Number(idle),
  launch,
  ttlSeconds,
  ...(labels !== undefined && { labels }),
  createdAt: rfc3339(createdAtMs),
  boundAt: rfc3339(nowMs),
  expiresAt: rfc3339(nowMs + leaseMs),
  ...(retry && { key: retry.key }),
});

const tooMuchTraffic = (id: string): WarmpoolError =>
  new WarmpoolError('KUBERNETES::UNAVAILABLE', `The pod of claim "${id}" keeps changing. Try again.`);
