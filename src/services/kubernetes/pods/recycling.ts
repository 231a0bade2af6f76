// Carries out what is written on pods whose claims have ended: the server that ended the claim begins, the leader finishes
// what it finds.
import type { Clock } from '../../../lib/clock.ts';
import type { Recycler } from '../../controller/recycler.ts';
import type { RuntimeObserver } from '../../runtime-observer.ts';
import { endedMark, type ClaimMark } from './claim-mark.ts';
import { idlePatch, markPatch } from './mark-patches.ts';
import { useOf, type PodRecord } from './pod-record.ts';
import type { PodTable } from './pod-table.ts';
import type { PodWriter } from './pod-writer.ts';

type RecyclingOptions = {
  readonly pods: PodTable;
  readonly writer: PodWriter;
  readonly recycler: Recycler;
  readonly isLeader: () => boolean;
  /** Whether no pod of the pool may be deleted: the leader does so later. */
  readonly isBlocked: (poolUid: string) => boolean;
  /** Whether the pool does not exist any more. */
  readonly isPoolGone: (poolUid: string) => boolean;
  readonly clock: Clock;
  readonly observer: Pick<RuntimeObserver, 'driverFailed'>;
};

const SWEEP_MS = 1_000;
/** How long the server that ended a claim has for what follows. */
const GRACE_MS = 10_000;

export class PodRecycling {
  readonly #options: RecyclingOptions;
  #cancelSweep: () => void = () => undefined;

  constructor(options: RecyclingOptions) {
    this.#options = options;
    this.#planSweep();
  }

  /** Begins what is written on a pod that nobody uses any more. */
  begin(pod: PodRecord): void {
    if (pod.mark?.recycling === 'return') void this.#return(pod);
    else if (this.#options.isBlocked(pod.poolUid)) return;
    else if (pod.mark?.recycling === 'restart') this.#options.recycler.restart(pod.name);
    else this.#options.recycler.remove(pod.name);
  }

  /** Puts a pod whose restart is complete back into the buffer. */
  async done(name: string): Promise<void> {
    const pod = this.#options.pods.get(name);
    if (pod?.mark?.state === 'restarting' && pod.phase === 'ready') await this.#putBack(pod);
  }

  close(): void {
    this.#cancelSweep();
  }

  #planSweep(): void {
    this.#cancelSweep = this.#options.clock.after(SWEEP_MS, () => {
      if (this.#options.isLeader()) for (const pod of [...this.#options.pods.values()]) this.#finish(pod);
      this.#planSweep();
    });
  }

  #finish(pod: PodRecord): void {
    const { clock, isBlocked, isPoolGone } = this.#options;
    if (isBlocked(pod.poolUid)) return;
    if (pod.mark?.state === 'held' && pod.phase !== 'terminating' && isPoolGone(pod.poolUid))
      void this.#endWithPool(pod, pod.mark);
    if (useOf(pod).by !== 'recycling' || pod.phase === 'terminating') return;
    const endedMs = pod.mark?.endedAt === undefined ? undefined : Date.parse(pod.mark.endedAt);
    if (endedMs !== undefined && clock.now() < endedMs + GRACE_MS) return;
    if (pod.mark?.recycling === 'restart') this.#continueRestart(pod, pod.mark);
    else if (pod.mark !== undefined || pod.isEvicted) this.begin(pod);
    else void this.#removeUnmarked(pod);
  }

  /** A claim does not outlive its pool, whose pods may. */
  async #endWithPool(pod: PodRecord, mark: ClaimMark): Promise<void> {
    const { writer, clock, observer } = this.#options;
    const ended = endedMark(mark, { state: 'lost', reason: 'PoolDeleted' }, 'remove', clock.now());
    try {
      await writer.patch(pod, markPatch(pod, ended));
    } catch (error) {
      observer.driverFailed(pod.poolUid, error, SWEEP_MS);
    }
  }

  /** Begins or continues a restart that its server does not finish; one that makes progress is left alone. */
  #continueRestart(pod: PodRecord, { state, restartedAt }: ClaimMark): void {
    const { recycler, clock } = this.#options;
    if (recycler.has(pod.name)) return;
    const sinceMs = restartedAt === undefined ? 0 : Date.parse(restartedAt);
    const isDone = state === 'restarting' && pod.phase === 'ready';
    if (isDone && clock.now() >= sinceMs + GRACE_MS) void this.#return(pod);
    else if (state === 'ended' || pod.phase === 'failed') this.begin(pod);
  }

  /** A pod that is neither idle nor held is never handed out again. It is read once more before it is removed. */
  async #removeUnmarked({ name, poolUid }: PodRecord): Promise<void> {
    const { pods, writer, recycler, observer } = this.#options;
    try {
      await writer.read(name);
    } catch (error) {
      observer.driverFailed(poolUid, error, SWEEP_MS);
      return;
    }
    const pod = pods.get(name);
    if (pod !== undefined && useOf(pod).by === 'recycling') recycler.remove(name);
  }

  async #return(pod: PodRecord): Promise<void> {
    try {
      await this.#putBack(pod);
    } catch (error) {
      this.#options.observer.driverFailed(pod.poolUid, error, GRACE_MS);
    }
  }

  async #putBack(pod: PodRecord): Promise<void> {
    const idle = String((pod.mark?.handedOut ?? 0) + 1);
    await this.#options.writer.patch(pod, idlePatch(pod, idle));
  }
}
