// The pools that Warmpool's own controller keeps at their size.
import { isNotFound } from './resource/call-outcome.ts';
import { isSameJson } from '../../lib/canonical-json.ts';
import type { PoolStatus } from '../../contract/pool.ts';
import type { PoolSource, RuntimeProblem } from '../controller/ports.ts';
import type { Pool } from '../pools/pool.ts';
import type { PoolEvent } from '../pools/ports.ts';
import type { PoolCache } from './cache/pool-cache.ts';
import { isForbidden } from './connection/api-error.ts';
import { isManaged } from './pods/pod-metadata.ts';
import type { PoolResource } from './resource/pool-resource.ts';
import type { ResourceClient } from './resource/resource-client.ts';

type ManagedPoolsOptions = {
  readonly client: ResourceClient<PoolResource>;
  readonly cache: PoolCache;
  /** Whether the API server said that a pool does not exist. */
  readonly isOrphaned: (uid: string) => boolean;
  readonly problemsOf: (pool: Pool) => readonly RuntimeProblem[];
  readonly watch: (signal: AbortSignal) => AsyncIterable<PoolEvent>;
};

const DEADLINE_MS = 5_000;

export class ManagedPools implements PoolSource {
  readonly #options: ManagedPoolsOptions;

  constructor(options: ManagedPoolsOptions) {
    this.#options = options;
  }

  watch(signal: AbortSignal): AsyncIterable<PoolEvent> {
    return this.#options.watch(signal);
  }

  /** A pool that this server does not know is left alone until the API server says that it does not exist. */
  find(uid: string) {
    const { cache, isOrphaned } = this.#options;
    const pool = cache.pools.getByUid(uid);
    if (pool === undefined) return isOrphaned(uid) ? 'deleted' : 'unmanaged';
    return isManaged(pool) && pool.deletingSince === undefined ? pool : 'unmanaged';
  }

  problemsOf(pool: Pool) {
    return this.#options.problemsOf(pool);
  }

  async writeStatus(uid: string, status: PoolStatus): Promise<boolean> {
    const { client, cache } = this.#options;
    const pool = cache.pools.getByUid(uid);
    if (pool === undefined || isSameJson(pool.status, status)) return false;
    try {
      cache.put(await client.patchStatus(pool.name, uid, status, AbortSignal.timeout(DEADLINE_MS)));
      return true;
    } catch (error) {
      // Without the permission, pools keep their size and show no status.
      if (isNotFound(error) || isForbidden(error)) return false;
      throw error;
    }
  }
}
