// The pools of a namespace from lists, the watch and responses to writes. It never goes back in time.
import { EventEmitter, once } from 'node:events';
import type { Clock } from '../../../lib/clock.ts';
import { compareVersions } from '../../../lib/compare-versions.ts';
import { PoolIndex } from '../../pools/pool-index.ts';
import type { Pool } from '../../pools/pool.ts';
import type { PoolResource } from '../resource/pool-resource.ts';
import { readPool } from '../resource/read-pool.ts';
import { hasStatus, statusDeadlineMs } from '../resource/read-status.ts';
import type { ObjectStore } from './reflector.ts';

/** Deleted pools to remember, so that late events do not bring them back. A uid is never used again. */
const REMEMBERED_DELETIONS = 10_000;

export class PoolCache implements ObjectStore<PoolResource> {
  /** Read-only for users of the cache. */
  readonly pools = new PoolIndex();
  readonly #clock: Clock;
  readonly #handOver: string | undefined;
  readonly #deleted = new Set<string>();
  /** Cancels the timer of each pool without a status. */
  readonly #statusTimers = new Map<string, () => void>();
  /** Emits the uid of a pool with each new version. */
  readonly #versions = new EventEmitter();
  readonly #onDeleted: ((uid: string) => void)[] = [];

  /** @param options.handOver As in `readPool`. */
  constructor(clock: Clock, { handOver }: { readonly handOver?: string | undefined } = {}) {
    this.#clock = clock;
    this.#handOver = handOver;
  }

  get isEmpty(): boolean {
    return this.pools.list().length === 0;
  }

  /** Keeps the pool unless a newer version is known, and returns the newest snapshot. @param isDryRun Keep nothing. */
  put(resource: PoolResource, isDryRun = false): Pool {
    if (isDryRun) return this.#read(resource);
    const { uid, name, resourceVersion } = resource.metadata;
    const known = this.pools.get(name);
    const isOld = known !== undefined && compareVersions(resourceVersion, known.resourceVersion) <= 0;
    if (isOld && known.uid === uid) return known;
    if (isOld || this.#deleted.has(uid)) return this.#read(resource);
    if (known !== undefined && known.uid !== uid) this.remove(known);
    return this.#keep(resource);
  }

  /** Calls `onDeleted` with the uid of each pool that is deleted. */
  onDeleted(onDeleted: (uid: string) => void): void {
    this.#onDeleted.push(onDeleted);
  }

  /** Whether this server saw that the pool was deleted. */
  isDeleted(uid: string): boolean {
    return this.#deleted.has(uid);
  }

  /** The pool as soon as it has another version; undefined when it has none within `waitMs`. */
  async nextVersion({ uid }: Pool, waitMs: number): Promise<Pool | undefined> {
    try {
      await once(this.#versions, uid, { signal: AbortSignal.timeout(waitMs) });
      return this.pools.getByUid(uid);
    } catch {
      return undefined;
    }
  }

  delete({ metadata }: PoolResource): void {
    this.remove(metadata, metadata.resourceVersion);
  }

  /** @param resourceVersion Version at which the pool was deleted, if known. */
  remove({ uid, name }: Pick<Pool, 'uid' | 'name'>, resourceVersion?: string): void {
    this.#deleted.add(uid);
    const [oldest] = this.#deleted;
    if (oldest !== undefined && this.#deleted.size > REMEMBERED_DELETIONS) this.#deleted.delete(oldest);
    const pool = this.pools.get(name);
    if (pool?.uid !== uid) return;
    this.pools.remove(pool, resourceVersion);
    this.#cancelStatusTimer(uid);
    for (const onDeleted of this.#onDeleted) onDeleted(uid);
  }

  replace(resources: readonly PoolResource[], listVersion: string): void {
    const listed = new Set(resources.map(({ metadata }) => metadata.uid));
    for (const pool of this.pools.list())
      if (!listed.has(pool.uid) && compareVersions(pool.resourceVersion, listVersion) <= 0) this.remove(pool);
    for (const resource of resources) this.put(resource);
  }

  /** Forgets all pools, and which were deleted. */
  clear(): void {
    for (const pool of this.pools.list()) this.remove(pool);
    this.#deleted.clear();
  }

  /** Cancels the timers. */
  close(): void {
    for (const cancel of this.#statusTimers.values()) cancel();
  }

  #read(resource: PoolResource): Pool {
    return readPool(resource, this.#clock.now(), this.#handOver);
  }

  #keep(resource: PoolResource): Pool {
    const pool = this.#read(resource);
    this.pools.put(pool);
    this.#versions.emit(pool.uid);
    this.#awaitStatus(resource, pool);
    return pool;
  }

  /** A pool that stays without a status gets a condition that says so: a new representation without any event. */
  #awaitStatus(resource: PoolResource, pool: Pool): void {
    this.#cancelStatusTimer(pool.uid);
    const waitMs = statusDeadlineMs(pool) - this.#clock.now();
    if (hasStatus(resource) || waitMs <= 0) return;
    const cancel = this.#clock.after(waitMs, () => {
      this.#keep(resource);
    });
    this.#statusTimers.set(pool.uid, cancel);
  }

  #cancelStatusTimer(uid: string): void {
    this.#statusTimers.get(uid)?.();
    this.#statusTimers.delete(uid);
  }
}
