// The pools of a namespace as last heard of, from lists, from the watch and from answers to writes. It never goes back in time.
import type { Clock } from '../../clock.ts';
import { createPoolFeed } from '../../pools/pool-feed.ts';
import type { PoolEvent } from '../../pools/pool-store.ts';
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
  readonly #byName = new Map<string, Pool>();
  readonly #deleted = new Set<string>();
  readonly #patience = new Map<string, () => void>();
  readonly #feed = createPoolFeed();
  #sorted: readonly Pool[] | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(name: string): Pool | undefined {
    return this.#byName.get(name);
  }

  /** Ordered by name; the same array while nothing changes. */
  list(): readonly Pool[] {
    this.#sorted ??= [...this.#byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
    return this.#sorted;
  }

  watch(signal: AbortSignal): AsyncIterable<PoolEvent> {
    return this.#feed.watch(() => [...this.#byName.values()].map((pool) => ({ type: 'added', pool })), signal);
  }

  /** Takes what the API server told of one pool, unless something newer is known. Answers what is known now. */
  put(resource: PoolResource): Pool {
    const { uid, name } = resource.metadata;
    const known = this.#byName.get(name);
    const isOld = known !== undefined && versionOf(resource.metadata) <= versionOf(known);
    if (isOld && known.uid === uid) return known;
    if (isOld || this.#deleted.has(uid)) return readPool(resource, this.#clock.now());
    if (known !== undefined && known.uid !== uid) this.remove(known.uid, name);
    return this.#keep(resource);
  }

  /** The pool is gone. */
  remove(uid: string, name: string): void {
    this.#deleted.add(uid);
    for (const oldest of this.#deleted) {
      if (this.#deleted.size <= REMEMBERED_DELETIONS) break;
      this.#deleted.delete(oldest);
    }
    const pool = this.#byName.get(name);
    if (pool?.uid !== uid) return;
    this.#byName.delete(name);
    this.#sorted = undefined;
    this.#forgetPatience(uid);
    this.#feed.publish({ type: 'deleted', pool });
  }

  /** Takes a whole list: what it lacks, and is not newer than it, is gone. */
  replace(resources: readonly PoolResource[], listVersion: string): void {
    const listed = new Set(resources.map(({ metadata }) => metadata.uid));
    for (const pool of [...this.#byName.values()])
      if (!listed.has(pool.uid) && versionOf(pool) <= BigInt(listVersion)) this.remove(pool.uid, pool.name);
    for (const resource of resources) this.put(resource);
  }

  /** Nothing that is known holds any more, not even what was deleted. */
  clear(): void {
    for (const pool of [...this.#byName.values()]) this.remove(pool.uid, pool.name);
    this.#deleted.clear();
  }

  /** Ends what waits for time to pass. */
  close(): void {
    for (const cancel of this.#patience.values()) cancel();
  }

  #keep(resource: PoolResource): Pool {
    const pool = readPool(resource, this.#clock.now());
    const type = this.#byName.has(pool.name) ? 'modified' : 'added';
    this.#byName.set(pool.name, pool);
    this.#sorted = undefined;
    this.#feed.publish({ type, pool });
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
