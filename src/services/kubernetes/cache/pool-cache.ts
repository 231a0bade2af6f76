// The pools of a namespace as last heard of, from lists, from the watch and from answers to writes. It never goes back in time.
import { EventEmitter, once } from 'node:events';
import type { Clock } from '../../../lib/clock.ts';
import { createPoolFeed } from '../../pools/pool-feed.ts';
import { PoolIndex } from '../../pools/pool-index.ts';
import type { PoolEvent } from '../../pools/ports.ts';
import type { Pool } from '../../pools/pool.ts';
import type { PoolResource } from '../resource/pool-resource.ts';
import { readPool } from '../resource/read-pool.ts';
import { hasStatus, patienceEndsMs } from '../resource/read-status.ts';

/** Deleted pools that are remembered, so that late news of them are not taken for new pools. A uid is never used again. */
const REMEMBERED_DELETIONS = 10_000;

/** Resource versions are integers that grow over all objects of a resource. Source: Kubernetes, KEP-5504. */
const versionOf = ({ resourceVersion }: { readonly resourceVersion: string }): bigint => BigInt(resourceVersion);

export class PoolCache {
  readonly #clock: Clock;
  readonly #pools = new PoolIndex();
  readonly #deleted = new Set<string>();
  readonly #patience = new Map<string, () => void>();
  readonly #feed = createPoolFeed();
  /** Emits the uid of a pool that something was heard of. */
  readonly #heard = new EventEmitter();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(name: string): Pool | undefined {
    return this.#pools.get(name);
  }

  /** Ordered by name; the same array while nothing changes. */
  list(): readonly Pool[] {
    return this.#pools.list();
  }

  findByRetryKey(key: string): Pool | undefined {
    return this.#pools.getByRetryKey(key);
  }

  watch(signal: AbortSignal): AsyncIterable<PoolEvent> {
    return this.#feed.watch(() => this.#pools.list().map((pool) => ({ type: 'added', pool })), signal);
  }

  /** What the API server told of one pool, as a snapshot that is not kept. */
  read(resource: PoolResource): Pool {
    return readPool(resource, this.#clock.now());
  }

  /** Takes what the API server told of one pool, unless something newer is known. Answers what is known now. */
  put(resource: PoolResource): Pool {
    const { uid, name } = resource.metadata;
    const known = this.#pools.get(name);
    const isOld = known !== undefined && versionOf(resource.metadata) <= versionOf(known);
    if (isOld && known.uid === uid) return known;
    if (isOld || this.#deleted.has(uid)) return this.read(resource);
    if (known !== undefined && known.uid !== uid) this.remove(known.uid, name);
    return this.#keep(resource);
  }

  /** The pool in the moment in which something is heard of it; undefined when nothing is within `waitMs`. */
  async nextVersion({ uid }: Pool, waitMs: number): Promise<Pool | undefined> {
    try {
      await once(this.#heard, uid, { signal: AbortSignal.timeout(waitMs) });
      return this.#pools.getByUid(uid);
    } catch {
      return undefined;
    }
  }

  /** The pool is gone, since `resourceVersion` where that is known. */
  remove(uid: string, name: string, resourceVersion?: string): void {
    this.#deleted.add(uid);
    for (const oldest of this.#deleted) {
      if (this.#deleted.size <= REMEMBERED_DELETIONS) break;
      this.#deleted.delete(oldest);
    }
    const pool = this.#pools.get(name);
    if (pool?.uid !== uid) return;
    this.#pools.remove(pool);
    this.#forgetPatience(uid);
    this.#feed.publish({
      type: 'deleted',
      pool: { ...pool, ...(resourceVersion !== undefined && { resourceVersion }) },
    });
  }

  /** Takes a whole list: what it lacks, and is not newer than it, is gone. */
  replace(resources: readonly PoolResource[], listVersion: string): void {
    const listed = new Set(resources.map(({ metadata }) => metadata.uid));
    for (const pool of this.#pools.list())
      if (!listed.has(pool.uid) && versionOf(pool) <= BigInt(listVersion)) this.remove(pool.uid, pool.name);
    for (const resource of resources) this.put(resource);
  }

  /** Nothing that is known holds any more, not even what was deleted. */
  clear(): void {
    for (const pool of this.#pools.list()) this.remove(pool.uid, pool.name);
    this.#deleted.clear();
  }

  /** Ends what waits for time to pass. */
  close(): void {
    for (const cancel of this.#patience.values()) cancel();
  }

  #keep(resource: PoolResource): Pool {
    const pool = this.read(resource);
    const type = this.#pools.get(pool.name) ? 'modified' : 'added';
    this.#pools.put(pool);
    this.#feed.publish({ type, pool });
    this.#heard.emit(pool.uid);
    this.#awaitStatus(resource, pool);
    return pool;
  }

  /** A pool that stays without a status is told to have none: a new representation that comes by clock alone. */
  #awaitStatus(resource: PoolResource, pool: Pool): void {
    this.#forgetPatience(pool.uid);
    const waitMs = patienceEndsMs(pool) - this.#clock.now();
    if (hasStatus(resource) || waitMs <= 0) return;
    const cancel = this.#clock.after(waitMs, () => {
      this.#keep(resource);
    });
    this.#patience.set(pool.uid, cancel);
  }

  #forgetPatience(uid: string): void {
    this.#patience.get(uid)?.();
    this.#patience.delete(uid);
  }
}
