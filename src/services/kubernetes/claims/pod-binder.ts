// Binds pods to claims: one write each, which only one server can win.
import { isUncertain } from '../resource/call-outcome.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { ClaimDraft } from '../../claims/ports.ts';
import type { MemberTable } from '../../controller/member-table.ts';
import { revisionOf } from '../../planning/revision.ts';
import type { Pool } from '../../pools/pool.ts';
import type { ClaimMark } from '../pods/claim-mark.ts';
import { bindPatch, idlePatch } from '../pods/mark-patches.ts';
import type { PodRecord } from '../pods/pod-record.ts';
import type { PodTable } from '../pods/pod-table.ts';
import type { PodWriter } from '../pods/pod-writer.ts';
import { newClaimId } from './claim-id.ts';
import { newMark, type MarkedPod } from './marked-claim.ts';
import type { WaitingCallers } from './waiting-callers.ts';

type PodBinderOptions = {
  readonly pods: PodTable;
  readonly writer: PodWriter;
  readonly callers: WaitingCallers;
  readonly members: MemberTable;
  readonly clock: Clock;
  /** Ends a claim that no client heard of. */
  readonly abandon: (claimId: string) => void;
};

/** For one claim with all the pods that it tries. */
const BIND_MS = 5_000;

export class PodBinder {
  readonly #options: PodBinderOptions;

  constructor(options: PodBinderOptions) {
    this.#options = options;
  }

  /** Undefined if no pod is idle. Rejects if no answer came, and with what the API server refuses a bind for; other pods are not tried then. */
  async bind(pool: Pool, draft: ClaimDraft): Promise<MarkedPod | undefined> {
    const { members, pods, callers, clock } = this.#options;
    const endMs = clock.now() + BIND_MS;
    const caller = draft.launch === 'cold' ? callers.serveFirst(pool.uid) : undefined;
    while (clock.now() < endMs) {
      const member = members.hold(pool.uid, revisionOf(pool), newClaimId);
      const pod = member && pods.get(member.name);
      if (member?.claimId === undefined || pod === undefined) return undefined;
      const bound = await this.#bindTo(pod, newMark(member.claimId, pod, draft, { caller, nowMs: clock.now() }));
      if (bound !== undefined) return bound;
    }
    return undefined;
  }

  /** Undoes a bind that no client heard of. Without an answer, its claim is abandoned. */
  async takeBack(pod: MarkedPod): Promise<void> {
    try {
      await this.#options.writer.patch(pod, idlePatch(pod, String(pod.mark.handedOut)));
    } catch (error) {
      if (!isUncertain(error)) throw error;
      void this.#settle(pod.name, pod.mark.id);
    }
  }

  /** Undefined if the pod went to somebody else, or turned out not to be fit for use. */
  async #bindTo(pod: PodRecord, mark: ClaimMark): Promise<MarkedPod | undefined> {
    const { pods, writer } = this.#options;
    pods.beginBind(pod, mark.id);
    try {
      const outcome = await writer.patch(pod, bindPatch(pod, mark));
      pods.settle(pod.name, outcome === 'lost' ? 'lost' : 'known');
      if (outcome !== 'done') return undefined;
    } catch (error) {
      // Nobody else of this server gets the pod before it is known who has it.
      if (isUncertain(error)) void this.#settle(pod.name, mark.id);
      else pods.settle(pod.name, 'known');
      throw error;
    }
    const bound = pods.get(pod.name);
    if (bound?.mark?.id !== mark.id || bound.mark.state !== 'held') return undefined;
    const marked = { ...bound, mark: bound.mark };
    if (bound.phase === 'ready') return marked;
    // It stopped being ready before this server saw that.
    await this.takeBack(marked);
    return undefined;
  }

  /** After a write without an answer. Its client was refused, so nobody knows the claim if there is one. */
  async #settle(name: string, claimId: string): Promise<void> {
    const { pods, writer, abandon } = this.#options;
    try {
      await writer.settle(name);
    } catch {
      // The server stops: the claim ends when it expires.
      return;
    }
    pods.settle(name, 'known');
    const mark = pods.get(name)?.mark;
    if (mark?.id === claimId && mark.state === 'held') abandon(claimId);
  }
}
