// Pools as custom resources: read from the cache, written by one call each, safe beside writers that Warmpool knows nothing of.
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { isSubdomain } from '../../contract/metadata.ts';
import { poolNotFound } from '../pools/pool-not-found.ts';
import type {
  DeleteOptions,
  PoolChange,
  PoolEvent,
  PoolStore,
  SpecificationChange,
  WriteOptions,
} from '../pools/ports.ts';
import type { Pool, StoredSpecification } from '../pools/pool.ts';
import { KeyedMutex } from '../../lib/keyed-mutex.ts';
import { WarmpoolError } from '../warmpool-error.ts';
import type { SyncStatus } from './cache/sync-status.ts';
import type { PoolCache } from './cache/pool-cache.ts';
import { isLostRace } from './connection/api-error.ts';
import type { PoolResource } from './resource/pool-resource.ts';
import type { PoolsApi } from './resource/pools-api.ts';
import { toJsonPatch, toManifest } from './resource/write-pool.ts';

type KubernetesPoolStoreOptions = {
  readonly api: PoolsApi;
  readonly cache: PoolCache;
  readonly contact: SyncStatus;
};

/** For one write, its wait and its repetitions included. */
const WRITE_DEADLINE_MS = 5_000;
/** How often a write is computed anew because another writer was faster. */
const ATTEMPTS = 30;
/** How many of these a DELETE insists on the resource version that it checked. */
const STRICT_DELETES = 8;
/** The same for a DELETE that must be exact: it fails as long as anything at all is written between reading and deleting. */
const EXACT_ATTEMPTS = 100;
/** How long a DELETE that must be exact waits for the next version, before it reads the pool. */
const NEXT_VERSION_MS = 50;
/** By how much the longest wait before it is computed anew grows; servers that race for one pool wait for different times. */
const JITTER_MS = 5;

export class KubernetesPoolStore implements PoolStore {
  readonly #options: KubernetesPoolStoreOptions;
  /** Writes to one pool from this server do not race each other. */
  readonly #turns = new KeyedMutex();

  constructor(options: KubernetesPoolStoreOptions) {
    this.#options = options;
  }

  async create(name: string, specification: StoredSpecification, { isDryRun }: WriteOptions = {}): Promise<Pool> {
    const { api } = this.#options;
    const signal = AbortSignal.timeout(WRITE_DEADLINE_MS);
    try {
      const manifest = toManifest(name, specification);
      return await this.#explained(async () => this.#take(await api.create(manifest, { signal, isDryRun }), isDryRun));
    } catch (error) {
      // Whoever is told that it exists finds it: another server may have made it a moment ago.
      if (error instanceof WarmpoolError && error.code === 'KUBERNETES::POOL_ALREADY_EXISTS')
        await this.#readLive(name, signal).catch(() => undefined);
      throw error;
    }
  }

  async get(name: string): Promise<Pool> {
    if (!this.#options.contact.isReadable) await this.waitForSync();
    const pool = this.#options.cache.get(name);
    if (pool === undefined) throw poolNotFound(name);
    return pool;
  }

  async list(): Promise<readonly Pool[]> {
    if (!this.#options.contact.isReadable) await this.waitForSync();
    return this.#options.cache.list();
  }

  findByRetryKey(key: string): Pool | undefined {
    return this.#options.cache.findByRetryKey(key);
  }

  update(
    name: string,
    change: (present: Pool) => SpecificationChange,
    { isDryRun }: WriteOptions = {},
  ): Promise<PoolChange> {
    return this.#write(name, async (before, signal) => {
      const patch = toJsonPatch(before, change(before));
      const after = await this.#options.api.patch(name, patch, { signal, isDryRun });
      return { before, after: this.#take(after, isDryRun) };
    });
  }

  delete(
    name: string,
    check: (present: Pool) => void,
    { isDryRun, isExact = false }: DeleteOptions = {},
  ): Promise<Pool> {
    const { api, cache } = this.#options;
    const attempt: Attempt<Pool> = async (pool, signal, attempts) => {
      check(pool);
      // What was checked must still hold. Beside a status that is written all the time that is hard to have: where it need
      // not be exact, later attempts rely on what was read a moment ago.
      const preconditions = {
        uid: pool.uid,
        ...((isExact || attempts <= STRICT_DELETES) && { resourceVersion: pool.resourceVersion }),
      };
      const held = await api.delete(name, preconditions, { signal, isDryRun });
      if (isDryRun) return pool;
      if (held === undefined) cache.remove(pool.uid, name);
      else cache.put(held);
      return pool;
    };
    // Right behind another writer's change is the best moment: a version that had to be read first is often old already.
    const patiently: Repetition = {
      attempts: EXACT_ATTEMPTS,
      readAgain: async (pool, signal) =>
        (await cache.nextVersion(pool, NEXT_VERSION_MS)) ?? this.#readLive(name, signal),
    };
    return this.#write(name, attempt, isExact ? patiently : undefined);
  }

  async *watch(signal: AbortSignal): AsyncIterable<PoolEvent> {
    const { contact, cache } = this.#options;
    // Before that nobody knows what the present state is.
    await Promise.race([contact.everFilled, signal.aborted || once(signal, 'abort')]);
    yield* cache.watch(signal);
  }

  waitForSync(signal?: AbortSignal): Promise<void> {
    return this.#options.contact.waitForSync(signal);
  }

  /**
   * Writes what is computed from the present pool. When another writer was faster, or the pool as it was cached does not
   * allow the write, reads it and computes anew.
   */
  #write<Result>(
    name: string,
    attempt: Attempt<Result>,
    repetition: Repetition = {
      attempts: ATTEMPTS,
      readAgain: async (_pool, signal, attempts) => {
        if (attempts > 1) await setTimeout(Math.random() * JITTER_MS * attempts);
        return this.#readLive(name, signal);
      },
    },
  ): Promise<Result> {
    const signal = AbortSignal.timeout(WRITE_DEADLINE_MS);
    return this.#turns.run(name, async () => {
      if (signal.aborted) throw neverSent();
      const cached = this.#options.cache.get(name);
      let present = cached ?? (await this.#readLive(name, signal));
      let isCached = cached !== undefined;
      for (let attempts = 1; ; attempts++) {
        try {
          return await this.#explained(() => attempt(present, signal, attempts));
        } catch (error) {
          if (!isLostRace(error) && !(isCached && isOwnRefusal(error))) throw error;
          if (attempts === repetition.attempts) throw overtaken(error);
          present = await repetition.readAgain(present, signal, attempts);
          isCached = false;
        }
      }
    });
  }

  /** What a write answered: kept, unless nothing was written. */
  #take(resource: PoolResource, isDryRun = false): Pool {
    const { cache } = this.#options;
    return isDryRun ? cache.read(resource) : cache.put(resource);
  }

  /** An API server that has just started forbids everything until it has read its roles: that is no matter of rights. */
  async #explained<Result>(write: () => Promise<Result>): Promise<Result> {
    const { contact } = this.#options;
    try {
      return await write();
    } catch (error) {
      const isForbidden = error instanceof WarmpoolError && error.code === 'KUBERNETES::FORBIDDEN';
      if (!isForbidden || !contact.isReadable || contact.ageSeconds() === undefined) throw error;
      throw new WarmpoolError('KUBERNETES::UNAVAILABLE', 'The Kubernetes API server is starting. Try again.', {
        cause: error.cause,
      });
    }
  }

  /** A name that no object can have is not looked up: in a path it could mean something else. */
  async #readLive(name: string, signal: AbortSignal): Promise<Pool> {
    if (!isSubdomain(name)) throw poolNotFound(name);
    const { api, cache } = this.#options;
    return cache.put(await api.get(name, signal));
  }
}

/** How often a write is tried while other writers are faster, and how the pool is read in between. */
type Repetition = {
  readonly attempts: number;
  readonly readAgain: (pool: Pool, signal: AbortSignal, attempts: number) => Promise<Pool>;
};
type Attempt<Result> = (present: Pool, signal: AbortSignal, attempts: number) => Promise<Result>;

const OWN_REFUSALS: ReadonlySet<string> = new Set(['REQUEST::INVALID', 'POOL::IN_USE', 'POOL::VERSION_CONFLICT']);

/** Refused by our own rules: the pool as it is now may allow what the cached one does not. */
const isOwnRefusal = (error: unknown): boolean => error instanceof WarmpoolError && OWN_REFUSALS.has(error.code);

const overtaken = (cause: unknown): WarmpoolError =>
  new WarmpoolError(
    'KUBERNETES::UNAVAILABLE',
    'Other writers kept changing the pool, so nothing was changed. Send the request again.',
    { cause },
  );

const neverSent = (): WarmpoolError =>
  new WarmpoolError('KUBERNETES::TIMEOUT', 'Other writes to this pool took too long; this one was never sent.');
