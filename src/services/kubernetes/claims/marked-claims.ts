// The claims that this server knows: those of the marks that it sees on pods, and those that it saw end.
import { rfc3339, type Clock } from '../../../lib/clock.ts';
import { claimNotFound } from '../../claims/claim-errors.ts';
import { ClaimIndex } from '../../claims/claim-index.ts';
import type { StoredClaim } from '../../claims/ports.ts';
import type { RetryRecord } from '../../idempotency/retry-record.ts';
import type { PodRecord } from '../pods/pod-record.ts';
import type { PodTable } from '../pods/pod-table.ts';
import type { PodWriter } from '../pods/pod-writer.ts';
import { podOf } from './claim-id.ts';
import { claimOf, type MarkedPod } from './marked-claim.ts';

type MarkedClaimsOptions = {
  readonly pods: PodTable;
  readonly writer: PodWriter;
  readonly clock: Clock;
  readonly isPoolDeleted: (uid: string) => boolean;
  /** Called when a claim has lost its pod. */
  readonly onLost: (pod: MarkedPod, reason: string) => void;
};

export class MarkedClaims {
  readonly index = new ClaimIndex();
  readonly #options: MarkedClaimsOptions;
  /** The last version with a mark of each pod that has one. */
  readonly #byPod = new Map<string, MarkedPod>();
  /** Of the claims that were created with an Idempotency-Key, by their ids. */
  readonly #retries = new Map<string, RetryRecord>();

  constructor(options: MarkedClaimsOptions) {
    this.#options = options;
    options.pods.subscribe({
      present: (pod) => {
        this.#follow(pod);
      },
      gone: (pod) => {
        this.#byPod.delete(pod.name);
        this.#lose(pod, 'MemberGone');
      },
    });
  }

  /** Errors: CLAIM::NOT_FOUND. */
  present(id: string): StoredClaim {
    const present = this.index.get(id);
    if (present === undefined) throw claimNotFound(id);
    return present;
  }

  /** The pod that has the mark of a claim, held or ended; read from the API server if this server does not know it. */
  async podOf(id: string): Promise<MarkedPod | undefined> {
    const { pods, writer } = this.#options;
    const known = this.index.get(id);
    const name = known?.claim.member.name ?? podOf(id);
    if (name === undefined) return undefined;
    if (known === undefined && pods.get(name)?.mark?.id !== id) await writer.read(name);
    const pod = pods.get(name);
    return pod?.mark?.id === id ? { ...pod, mark: pod.mark } : undefined;
  }

  stored(pod: MarkedPod): StoredClaim {
    return { ...claimOf(pod, pod.mark), retry: this.#retries.get(pod.mark.id) };
  }

  /** Remembers which request created a claim. */
  setRetry(stored: StoredClaim, retry: RetryRecord): StoredClaim {
    const kept = { ...stored, retry };
    this.#retries.set(stored.claim.id, retry);
    this.index.put(kept);
    return kept;
  }

  /** The pool is deleted, and with it its pods. */
  loseAll(poolUid: string, reason: string): void {
    for (const { claim } of [...this.index.liveOf(poolUid)]) {
      const pod = this.#byPod.get(claim.member.name);
      if (pod?.mark.id === claim.id) this.#lose(pod, reason);
    }
  }

  /** Forgets a claim that nobody heard of. */
  drop(id: string): void {
    this.#retries.delete(id);
    this.index.drop(id);
  }

  forget(endedBeforeMs: number): void {
    for (const id of this.index.forget(endedBeforeMs)) this.#retries.delete(id);
  }

  #follow(pod: PodRecord): void {
    const { mark } = pod;
    const previous = this.#byPod.get(pod.name);
    if (previous !== undefined && previous.mark.id !== mark?.id) this.#followRemoval(previous, pod);
    if (mark === undefined) {
      this.#byPod.delete(pod.name);
      return;
    }
    const marked = { ...pod, mark };
    this.#byPod.set(pod.name, marked);
    // A held pod that is deleted keeps its mark: the claim stays lost.
    if (this.#hasEnded(mark.id)) return;
    if (mark.state === 'held' && this.#options.isPoolDeleted(pod.poolUid)) this.#lose(pod, 'PoolDeleted');
    else if (mark.state === 'held' && pod.phase === 'terminating') this.#lose(pod, 'MemberTerminating');
    else this.index.put(this.stored(marked));
  }

  /** The mark of a claim is gone: a bind was taken back, or somebody removed it. */
  #followRemoval(previous: MarkedPod, pod: PodRecord): void {
    if (this.#hasEnded(previous.mark.id)) return;
    if (pod.idle === undefined) this.#lose(previous, 'Unmarked');
    else this.drop(previous.mark.id);
  }

  #hasEnded(id: string): boolean {
    const known = this.index.get(id);
    return known !== undefined && known.claim.state !== 'bound';
  }

  #lose(pod: PodRecord, reason: string): void {
    const { clock, onLost } = this.#options;
    const { mark } = pod;
    if (mark?.state !== 'held' || this.#hasEnded(mark.id)) return;
    const lost = { ...mark, state: 'ended', end: 'lost', reason, endedAt: rfc3339(clock.now()) } as const;
    this.index.put(this.stored({ ...pod, mark: lost }));
    onLost({ ...pod, mark }, reason);
  }
}
