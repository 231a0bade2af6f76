// One pod in the history: what its next version is compared with.
import type { PodVersion } from './pod-version.ts';
import type { PoolRecord } from './pool-history.ts';

export type PodRecord = {
  readonly version: PodVersion;
  /** The last idle number; undefined where the history began while it was held. */
  readonly number: number | undefined;
  /** The pool's recycling epoch when it was bound under Delete; undefined under another type. */
  readonly boundUnderDelete: number | undefined;
  /** That epoch, once the claim ended: the pod must not be held again while it lasts. */
  readonly isSpentIn: number | undefined;
};

/** Two minutes after its deadline a terminating pod is stuck; less, because clocks differ. Source: the scaling rule. */
const STUCK_MS = 110_000;

export const isStuck = ({ terminatesAtMs }: PodVersion, atMs: number): boolean =>
  terminatesAtMs !== undefined && terminatesAtMs + STUCK_MS < atMs;

/** Id of the claim that holds the pod. */
export const holderOf = ({ mark }: PodVersion): string | undefined =>
  mark.kind === 'claim' && mark.claim.state === 'held' ? mark.claim.id : undefined;

/** A pod in the state from which the history begins, or one that was just created. */
export const firstRecord = (version: PodVersion): PodRecord => ({
  version,
  number: version.mark.kind === 'idle' ? version.mark.number : undefined,
  boundUnderDelete: undefined,
  isSpentIn: undefined,
});

/** The record after another version. */
export const nextRecord = (before: PodRecord, version: PodVersion, pool: PoolRecord | undefined): PodRecord => {
  const holder = holderOf(version);
  const isBound = holder !== undefined && holderOf(before.version) !== holder;
  const hasEnded = version.mark.kind === 'claim' && holder === undefined;
  const underDelete = pool?.version.recycling === 'Delete' ? pool.recyclingEpoch : undefined;
  return {
    version,
    number: version.mark.kind === 'idle' ? version.mark.number : before.number,
    boundUnderDelete: isBound ? underDelete : before.boundUnderDelete,
    isSpentIn: hasEnded ? before.boundUnderDelete : before.isSpentIn,
  };
};
