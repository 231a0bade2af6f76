// Pools as custom resources: read from the cache, written by one call each, safe with concurrent writers outside Warmpool.
import { once } from 'node:events';
import { isSubdomain } from '../../contract/metadata.ts';
import { KeyedMutex } from '../../lib/keyed-mutex.ts';
import type { WriteObserver } from '../pools/observe-write.ts';
import { isPoolAlreadyExists, poolNotFound } from '../pools/pool-errors.ts';
import type { Pool, StoredSpecification } from '../pools/pool.ts';
import type {
  DeleteOptions,
  DeletionCheck,
  PoolChange,
  PoolEvent,
  PoolStore,
  SpecificationChange,
  WriteOptions,
} from '../pools/ports.ts';
import { WarmpoolError } from '../warmpool-error.ts';
import type { PoolCache } from './cache/pool-cache.ts';
import type { SyncStatus } from './cache/sync-status.ts';
import { isLostRace } from './connection/api-error.ts';
import type { PoolResource } from './resource/pool-resource.ts';
import type { ResourceClient } from './resource/resource-client.ts';
import { toJsonPatch, toManifest } from './resource/write-pool.ts';
import { retryOnConflict } from './retry-on-conflict.ts';

type KubernetesPoolStoreOptions = {
  readonly client: ResourceClient<PoolResource>;
  readonly cache: PoolCache;
  readonly status: SyncStatus;
  readonly observer?: WriteObserver | undefined;
  /** Annotations of every pool that is created here. Default: none. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Number of members of a pool that claims hold, read before the pool is deleted. Default: as its status says. */
  readonly countHeld?: (pool: Pool, signal: AbortSignal) => Promise<number>;
};

/** For one write with its waits and repetitions, in milliseconds. */
const WRITE_DEADLINE_MS = 5_000;
/** Attempts of a DELETE that require the exact version; later ones rely on what was just read. */
const STRICT_DELETES = 8;
/** How long an exact DELETE waits for the next version before it reads the pool, in milliseconds. */
const NEXT_VERSION_MS = 50;

const OWN_REFUSALS: ReadonlySet<string> = new Set(['REQUEST::INVALID', 'POOL::IN_USE', 'POOL::VERSION_CONFLICT']);

/** For a cached pool, even a refusal by our own rules: the pool may be out of date. */
const isConflict = (error: unknown, isCached: boolean): boolean =>
  isLostRace(error) || (isCached && error instanceof WarmpoolError && OWN_REFUSALS.has(error.code));

const RELAXED = { maxAttempts: 30, jitterMs: 5, isConflict };
/** Fails whenever anything is written between reading and deleting. */
const EXACT = { maxAttempts: 100, jitterMs: 0, isConflict };

export class KubernetesPoolStore implements PoolStore {
  readonly #options: KubernetesPoolStoreOptions;
  /** Writes of this server to one pool do not race each other. */
  readonly #mutex = new KeyedMutex();

  constructor(options: KubernetesPoolStoreOptions) {
    this.#options = options;
  }

  create(name: string, specification: StoredSpecification, { isDryRun }: WriteOptions = {}): Promise<Pool> {
    const { client, cache, annotations } = this.#options;
    const manifest = toManifest(name, {
      ...specification,
      annotations: { ...specification.annotations, ...annotations },
    });
    return this.#write('create', name, async (signal) => {
      try {
        return cache.put(await client.create(manifest, { signal, isDryRun }), isDryRun);
      } catch (error) {
        // The port promises that `get` then finds the pool: another server may have created it a moment ago.
        if (isPoolAlreadyExists(error)) await this.#readLive(name, signal).catch(() => undefined);
        throw error;
      }
    });
  }

  async get(name: string): Promise<Pool> {
    const { cache, status } = this.#options;
    if (!status.isReadable) await status.waitForSync();
    const pool = cache.pools.get(name);
    if (pool === undefined) throw poolNotFound(name);
    return pool;
  }

  async list(): Promise<readonly Pool[]> {
    const { cache, status } = this.#options;
    if (!status.isReadable) await status.waitForSync();
    return cache.pools.list();
  }

  findByRetryKey(key: string): Pool | undefined {
    return this.#options.cache.pools.getByRetryKey(key);
  }

  update(
    name: string,
    change: (present: Pool) => SpecificationChange,
    { isDryRun }: WriteOptions = {},
  ): Promise<PoolChange> {
    const { client, cache } = this.#options;
    return this.#write('update', name, (signal) =>
      retryOnConflict({
        cached: cache.pools.get(name),
        read: () => this.#readLive(name, signal),
        attempt: async (before) => {
          const patch = toJsonPatch(before, change(before));
          return { before, after: cache.put(await client.patch(name, patch, { signal, isDryRun }), isDryRun) };
        },
        ...RELAXED,
      }),
    );
  }

  delete(name: string, check: DeletionCheck, { isDryRun, isExact = false }: DeleteOptions = {}): Promise<Pool> {
    const { client, cache, countHeld = heldByStatus } = this.#options;
    return this.#write('delete', name, (signal) =>
      retryOnConflict({
        cached: cache.pools.get(name),
        // Right after another writer's change is the best moment: a version that had to be read first is often out of date.
        read: async (previous) =>
          (isExact && previous ? await cache.nextVersion(previous, NEXT_VERSION_MS) : undefined) ??
          this.#readLive(name, signal),
        attempt: async (pool, attempt) => {
          check(pool, await countHeld(pool, signal));
          const { uid, resourceVersion } = pool;
          // While the status is written constantly, an exact version is hard to match.
          const preconditions = isExact || attempt <= STRICT_DELETES ? { uid, resourceVersion } : { uid };
          const held = await client.delete(name, preconditions, { signal, isDryRun });
          if (isDryRun) return pool;
          if (held === undefined) cache.remove(pool);
          else cache.put(held);
          return pool;
        },
        ...(isExact ? EXACT : RELAXED),
      }),
    );
  }

  async *watch(signal: AbortSignal): AsyncIterable<PoolEvent> {
    const { cache, status } = this.#options;
    // Before the first list the current state is unknown.
    await Promise.race([status.firstSync, signal.aborted || once(signal, 'abort')]);
    yield* cache.pools.watch(signal);
  }

  waitForSync(signal?: AbortSignal): Promise<void> {
    return this.#options.status.waitForSync(signal);
  }

  /** Runs a write after the earlier ones to the pool, translates its error, and reports it when it ends. */
  async #write<Result>(
    call: Parameters<WriteObserver['write']>[0],
    name: string,
    write: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const { status, observer } = this.#options;
    const signal = AbortSignal.timeout(WRITE_DEADLINE_MS);
    const startedMs = performance.now();
    let isDone = false;
    try {
      const result = await this.#mutex.run(name, async () => {
        if (signal.aborted) throw new WarmpoolError('KUBERNETES::TIMEOUT', NOT_SENT);
        return write(signal);
      });
      isDone = true;
      return result;
    } catch (error) {
      throw status.explain(error);
    } finally {
      observer?.write(call, isDone, (performance.now() - startedMs) / 1_000);
    }
  }

  /** A name that no object can have is not sent: in a path it could have another meaning. */
  async #readLive(name: string, signal: AbortSignal): Promise<Pool> {
    if (!isSubdomain(name)) throw poolNotFound(name);
    const { client, cache } = this.#options;
    return cache.put(await client.get(name, signal));
  }
}

const heldByStatus = async ({ status }: Pool): Promise<number> => status?.allocated ?? 0;

const NOT_SENT = 'Other writes to this pool took too long, so nothing was sent. Send the request again.';
