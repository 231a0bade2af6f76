// Whether claims were refused although a pod was free.
import type { Violation } from './violation.ts';

/** For how long before and after the refusal the same pod must have been free: servers see it later, and other claims take it. */
const MARGIN_MS = 2_000;
const DESCRIBED_MAX = 3;

type Refusal = { readonly at: number; readonly poolUid: string };

export class Refusals {
  /** By uid of the pool, then by name of the pod: since when it is free. */
  readonly #free = new Map<string, Map<string, number>>();
  #pending: Refusal[] = [];

  add(refusal: Refusal): void {
    this.#pending.push(refusal);
  }

  /** Call `settle` with the same time before. */
  setFree(poolUid: string, pod: string, isFree: boolean, atMs: number): void {
    const pods = this.#free.get(poolUid) ?? new Map<string, number>();
    if (!isFree) pods.delete(pod);
    else if (!pods.has(pod)) pods.set(pod, atMs);
    if (pods.size === 0) this.#free.delete(poolUid);
    else this.#free.set(poolUid, pods);
  }

  /** Returns the violations of refusals that are old enough to be decided: what is free now has been free since. */
  settle(nowMs: number): Violation[] {
    if (this.#pending.length === 0) return [];
    const due = this.#pending.filter(({ at }) => at + MARGIN_MS <= nowMs);
    if (due.length > 0) this.#pending = this.#pending.filter(({ at }) => at + MARGIN_MS > nowMs);
    return due.flatMap(({ at, poolUid }) => {
      const free = [...(this.#free.get(poolUid) ?? [])].filter(([, sinceMs]) => sinceMs <= at - MARGIN_MS);
      if (free.length === 0) return [];
      const names = free.slice(0, DESCRIBED_MAX).map(([name]) => name);
      const sentence = `A claim on pool ${poolUid} was refused while ${free.length} pods were idle and ready, such as ${names.join(', ')}`;
      return [{ promise: 'refusals', sentence, atMs: at }] as const;
    });
  }
}
