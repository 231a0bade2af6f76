// Pods whose pool is missing. A missing pool may be one that this server does not know yet: the API server is asked before its
// pods are stopped.
import { isNotFound } from '../resource/call-outcome.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { PoolCache } from '../cache/pool-cache.ts';
import type { PoolResource } from '../resource/pool-resource.ts';
import type { ResourceClient } from '../resource/resource-client.ts';
import type { PodTable } from './pod-table.ts';

type OrphansOptions = {
  readonly client: Pick<ResourceClient<PoolResource>, 'get'>;
  readonly cache: PoolCache;
  readonly pods: Pick<PodTable, 'values'>;
  readonly isLeader: () => boolean;
  readonly clock: Clock;
  /** A pool turned out not to exist. */
  readonly onOrphaned: (poolUid: string) => void;
};

const SWEEP_MS = 1_000;
/** Between two questions about one pool. */
const ASK_AGAIN_MS = 30_000;
const DEADLINE_MS = 5_000;

export class Orphans {
  readonly #options: OrphansOptions;
  /** Uids of pools that do not exist, and have pods. */
  readonly #confirmed = new Set<string>();
  /** When each missing pool was asked for, in milliseconds of the monotonic clock. */
  readonly #askedMs = new Map<string, number>();
  #cancelSweep: () => void = () => undefined;

  constructor(options: OrphansOptions) {
    this.#options = options;
    this.#planSweep();
  }

  /** Whether the API server said that the pool does not exist. */
  has(poolUid: string): boolean {
    return this.#confirmed.has(poolUid);
  }

  close(): void {
    this.#cancelSweep();
  }

  #planSweep(): void {
    const { clock, isLeader } = this.#options;
    this.#cancelSweep = clock.after(SWEEP_MS, () => {
      if (isLeader()) this.#sweep();
      this.#planSweep();
    });
  }

  #sweep(): void {
    const { pods, cache, clock } = this.#options;
    const missing = new Map<string, string>();
    for (const { poolUid, poolName } of pods.values())
      if (cache.pools.getByUid(poolUid) === undefined) missing.set(poolUid, poolName);
    for (const known of [this.#confirmed, this.#askedMs])
      for (const uid of [...known.keys()]) if (!missing.has(uid)) known.delete(uid);
    const nowMs = clock.monotonic();
    for (const [uid, name] of missing) {
      if (this.#confirmed.has(uid) || nowMs < (this.#askedMs.get(uid) ?? -Infinity) + ASK_AGAIN_MS) continue;
      this.#askedMs.set(uid, nowMs);
      void this.#ask(uid, name);
    }
  }

  async #ask(uid: string, name: string): Promise<void> {
    const { client, cache, onOrphaned } = this.#options;
    try {
      const found = await client.get(name, AbortSignal.timeout(DEADLINE_MS));
      cache.put(found);
      if (found.metadata.uid === uid) return;
    } catch (error) {
      // Nothing is known: it is asked for again.
      if (!isNotFound(error)) return;
    }
    this.#confirmed.add(uid);
    onOrphaned(uid);
  }
}
