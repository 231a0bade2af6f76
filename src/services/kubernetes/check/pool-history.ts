// The pools, as far as promises about their pods depend on them.
import type { PoolVersion } from './pool-version.ts';

/** A server may act on a version of a pool that is this old. */
const CACHE_LAG_MS = 10_000;
/** Pods that the old leader had sent may still be created after a change of leader. */
const LEADER_CHANGE_MS = 60_000;
/** Maximum number of creates in flight. */
const CREATES_IN_FLIGHT = 64;
const CHANGES_MAX = 100;

export type PoolRecord = {
  readonly version: PoolVersion;
  /** Rises when the recycle type changes. */
  readonly recyclingEpoch: number;
  /** Each poolMax, and when it was replaced; the current one has no end. */
  readonly maxima: readonly { readonly poolMax: number; readonly untilMs: number }[];
  readonly isGone: boolean;
};

/** How many stuck pods do not count. Source: the scaling rule. */
export const stuckAllowance = (poolMax: number): number => Math.max(1, Math.ceil(poolMax / 4));

export class PoolHistory {
  readonly #pools = new Map<string, PoolRecord>();
  #leader: string | undefined;
  #leaderChangedMs = -Infinity;

  /** Pools that are gone included. */
  get size(): number {
    return this.#pools.size;
  }

  values(): Iterable<PoolRecord> {
    return this.#pools.values();
  }

  find(uid: string): PoolRecord | undefined {
    return this.#pools.get(uid);
  }

  put(version: PoolVersion, atMs: number): void {
    const { uid } = version.metadata;
    const known = this.#pools.get(uid);
    const { poolMax } = version.capacity;
    const current = { poolMax, untilMs: Infinity };
    const changedType = known && known.version.recycling !== version.recycling ? 1 : 0;
    const past = known?.maxima.map((it) => (it.untilMs === Infinity ? { ...it, untilMs: atMs } : it)) ?? [];
    const maxima = known?.version.capacity.poolMax === poolMax ? known.maxima : [...past, current].slice(-CHANGES_MAX);
    this.#pools.set(uid, {
      version,
      recyclingEpoch: (known?.recyclingEpoch ?? 0) + changedType,
      maxima,
      isGone: false,
    });
  }

  delete(uid: string): void {
    const known = this.#pools.get(uid);
    if (known) this.#pools.set(uid, { ...known, isGone: true });
  }

  /** The holder of the leader's Lease was seen. */
  leaderSeen(holder: string, atMs: number): void {
    if (this.#leader !== undefined && this.#leader !== holder) this.#leaderChangedMs = atMs;
    this.#leader = holder;
  }

  /** Maximum number of pods when one was created at `atMs`; undefined for pools that are not checked. */
  maxPods(uid: string, stuck: number, atMs: number): number | undefined {
    const pool = this.#pools.get(uid);
    if (!pool?.version.isManaged) return undefined;
    const poolMax = Math.max(
      ...pool.maxima.filter(({ untilMs }) => untilMs >= atMs - CACHE_LAG_MS).map((it) => it.poolMax),
    );
    const inFlight = Math.abs(atMs - this.#leaderChangedMs) < LEADER_CHANGE_MS ? CREATES_IN_FLIGHT : 0;
    return poolMax + Math.min(stuck, stuckAllowance(poolMax)) + inFlight;
  }
}
