// Claims in SQLite, on the members of the member table. A claim is stored before its client hears of it; what happens to
// its member when it ends is stored with its end.
import { rfc3339, type Clock } from '../../lib/clock.ts';
import type { ClaimIndex } from '../claims/claim-index.ts';
import { newClaimId } from '../claims/claim-id.ts';
import type { ClaimDraft, ClaimEnd, ClaimStore, PoolMembers, StoredClaim } from '../claims/ports.ts';
import { decideRecycling, type Recycling } from '../claims/recycling.ts';
import type { MemberOrders } from '../controller/member-orders.ts';
import type { MemberTable } from '../controller/member-table.ts';
import { poolMembers } from '../controller/pool-members.ts';
import type { Recycler } from '../controller/recycler.ts';
import { revisionOf } from '../planning/revision.ts';
import { poolNotFound } from '../pools/pool-errors.ts';
import type { Pool } from '../pools/pool.ts';
import type { RuntimeObserver } from '../runtime-observer.ts';
import { WarmpoolError } from '../warmpool-error.ts';
import { boundClaim, claimedMember } from '../controller/bound-claim.ts';
import { ClaimRecord } from './claim-record.ts';
import { evictMember } from '../controller/evict-member.ts';
import { MemberDurations } from '../controller/member-durations.ts';
import type { ClaimTable } from './sqlite/claim-table.ts';
import type { GroupCommit } from './sqlite/group-commit.ts';

type LocalClaimStoreOptions = {
  readonly table: ClaimTable;
  readonly commits: GroupCommit;
  readonly members: MemberTable;
  readonly orders: MemberOrders;
  readonly recycler: Recycler;
  readonly clock: Clock;
  readonly observer: Pick<RuntimeObserver, 'claimEnded' | 'driverFailed'>;
  readonly findPool: (uid: string) => Pool | undefined;
  readonly backOffOf: (poolUid: string) => PoolMembers['backOff'];
};

/** An end that was stored, and what follows for its member: nothing if the claim had ended already, or the member is gone. */
type Ended = { readonly stored: StoredClaim; readonly recycling?: Recycling | undefined; readonly isNew: boolean };

export class LocalClaimStore implements ClaimStore {
  readonly refusal = undefined;
  readonly #options: LocalClaimStoreOptions;
  readonly #record: ClaimRecord;
  /** The committed claims. */
  readonly #claims: ClaimIndex;
  readonly #durations: MemberDurations;
  #isClosed = false;

  constructor(options: LocalClaimStoreOptions) {
    this.#options = options;
    this.#record = new ClaimRecord(options.table, options.commits);
    this.#claims = this.#record.committed;
    this.#durations = new MemberDurations(options.members, options.clock);
    options.members.subscribe({
      lost: (claimId, reason) => {
        this.#lose(claimId, reason);
      },
    });
  }

  /** Reads the stored claims, and goes on with what an earlier run did not finish. Call it once the members are known. */
  restore(): void {
    const { members, recycler } = this.#options;
    const orders = this.#record.load();
    for (const { claim } of this.#claims.live()) members.restoreHold(claim.member.name, claim.id);
    for (const { member, recycling } of orders) recycler[recycling](member);
    members.open();
    for (const { claim } of [...this.#claims.live()]) {
      const phase = members.get(claim.member.name)?.phase;
      if (phase === undefined) this.#lose(claim.id, 'MemberGone');
      else if (phase === 'failed') this.#lose(claim.id, 'MemberFailed');
      else if (phase === 'terminating') this.#lose(claim.id, 'MemberTerminating');
      else if (this.#options.findPool(claim.poolUid) === undefined) this.#lose(claim.id, 'PoolDeleted');
    }
  }

  /** Ends what is tried again. Losses that were not stored are found at the next start. */
  close(): void {
    this.#isClosed = true;
  }

  refusalOf(): undefined {
    return undefined;
  }

  hasIdle(poolUid: string): boolean {
    return this.#options.members.hasIdle(poolUid);
  }

  async bind(pool: Pool, draft: ClaimDraft): Promise<StoredClaim | undefined> {
    const { members, clock } = this.#options;
    const member = members.hold(pool.uid, revisionOf(pool), newClaimId);
    if (member?.claimId === undefined) return undefined;
    const stored = boundClaim(pool, { ...member, claimId: member.claimId }, draft, clock.now());
    try {
      return await this.#record.insert(stored, () => poolNotFound(pool.name));
    } catch (error) {
      members.free(member.name);
      throw error;
    }
  }

  update(id: string, change: (present: StoredClaim) => StoredClaim): Promise<StoredClaim> {
    return this.#options.commits.run(
      () => this.#record.write(this.#withMember(change(this.#record.present(id)))),
      (stored) => {
        this.#claims.put(stored);
      },
    );
  }

  async end(id: string, end: ClaimEnd): Promise<StoredClaim> {
    const { stored } = await this.#options.commits.run(
      () => this.#writeEnd(id, end),
      (ended) => {
        this.#applyEnd(ended);
      },
    );
    return stored;
  }

  /** Ends every claim of a pool that is deleted, in the transaction of the caller. Returns what to do after the commit. */
  endAll(poolUid: string): () => void {
    const end = { state: 'lost', reason: 'PoolDeleted' } as const;
    const ends = Array.from(this.#record.idsOf(poolUid), (id) => this.#writeEnd(id, end));
    return () => {
      for (const ended of ends) this.#applyEnd(ended);
      this.#durations.forget(poolUid);
    };
  }

  async get(id: string): Promise<StoredClaim | undefined> {
    const stored = this.#claims.get(id);
    return stored && this.#withMember(stored);
  }

  async list(options: Parameters<ClaimStore['list']>[0]) {
    return this.#claims.list(options).map((stored) => this.#withMember(stored));
  }

  /** There is no other server. */
  recall(): undefined {
    return undefined;
  }

  findByRetryKey(key: string): StoredClaim | undefined {
    const stored = this.#claims.getByRetryKey(key);
    return stored && this.#withMember(stored);
  }

  evict(pool: Pool, name: string, options: { readonly isForced: boolean }): Promise<void> {
    const { members, orders } = this.#options;
    return evictMember({ members, orders, end: (id, end) => this.end(id, end) }, pool, name, options);
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
    const expired = this.#claims.live().filter(({ expiresAtMs }) => nowMs >= expiresAtMs);
    return Array.from(expired, ({ claim }) => claim.id);
  }

  forget(endedBeforeMs: number): Promise<void> {
    return this.#record.forget(endedBeforeMs);
  }

  #writeEnd(id: string, end: ClaimEnd): Ended {
    const present = this.#record.present(id);
    if (present.claim.state !== 'bound') return { stored: present, isNew: false };
    const { table, members, clock, findPool } = this.#options;
    const { claim } = this.#withMember(present);
    const stored = this.#record.write({ ...present, claim: { ...claim, ...end, endedAt: rfc3339(clock.now()) } });
    const member = members.get(present.claim.member.name);
    const pool = findPool(present.claim.poolUid);
    if (member === undefined) return { stored, isNew: true };
    const used = pool && { revision: revisionOf(pool), recycleType: pool.specification.recycleStrategy?.type };
    const recycling = decideRecycling({ member, pool: used, end });
    if (recycling !== 'return') table.putOrder({ member: member.name, recycling });
    return { stored, recycling, isNew: true };
  }

  #applyEnd({ stored, recycling, isNew }: Ended): void {
    const { members, recycler, observer } = this.#options;
    const { member, poolUid, state, boundAt } = stored.claim;
    if (!isNew) return;
    this.#claims.put(stored);
    if (recycling === 'return') members.free(member.name);
    else if (recycling !== undefined) recycler[recycling](member.name);
    this.#durations.recordHold(poolUid, boundAt);
    if (state !== 'bound') observer.claimEnded(state);
  }

  #lose(claimId: string, reason: string): void {
    this.end(claimId, { state: 'lost', reason }).catch((error: unknown) => {
      // A claim that was never stored ends with its request.
      if (error instanceof WarmpoolError && error.code === 'CLAIM::NOT_FOUND') return;
      if (this.#isClosed) return;
      const { observer, clock } = this.#options;
      observer.driverFailed(this.#claims.get(claimId)?.claim.poolUid, error, LOSS_RETRY_MS);
      clock.after(LOSS_RETRY_MS, () => {
        if (!this.#isClosed) this.#lose(claimId, reason);
      });
    });
  }

  /** With what is known about the member now: a restarted container may have another address. */
  #withMember(stored: StoredClaim): StoredClaim {
    const { claim } = stored;
    const member = claim.state === 'bound' ? this.#options.members.get(claim.member.name) : undefined;
    return member === undefined ? stored : { ...stored, claim: { ...claim, member: claimedMember(member) } };
  }
}

const LOSS_RETRY_MS = 1_000;
