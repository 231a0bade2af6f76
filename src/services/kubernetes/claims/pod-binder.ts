// Binds one pod to one claim.
import type { ClaimMark } from '../pods/claim-mark.ts';
import { bindPatch, idlePatch } from '../pods/mark-patches.ts';
import type { PodRecord } from '../pods/pod-record.ts';
import type { PodTable } from '../pods/pod-table.ts';
import type { PodWriter } from '../pods/pod-writer.ts';
import type { MarkedPod } from './marked-claim.ts';
import type { MarkedClaims } from './marked-claims.ts';

type PodBinderOptions = { readonly pods: PodTable; readonly writer: PodWriter };

export class PodBinder {
  readonly #options: PodBinderOptions;
  readonly #claims: Pick<MarkedClaims, 'drop'>;

  constructor(options: PodBinderOptions, claims: Pick<MarkedClaims, 'drop'>) {
    this.#options = options;
    this.#claims = claims;
  }

  /** Undefined if the pod went to somebody else, or turned out not to be fit for use. */
  async bind(pod: PodRecord, mark: ClaimMark): Promise<MarkedPod | undefined> {
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
    const marked = { ...bound, mark: bound.mark };
    if (bound.phase === 'ready') return marked;
    // It stopped being ready before this server saw that.
    await this.takeBack(marked);
    return undefined;
  }

  /** Undoes a bind that no client heard of. */
  async takeBack(pod: MarkedPod): Promise<void> {
    const { writer } = this.#options;
    await writer.patch(pod, idlePatch(pod, String(pod.mark.handedOut)), (now) => now?.mark === undefined);
    this.#claims.drop(pod.mark.id);
  }
}
