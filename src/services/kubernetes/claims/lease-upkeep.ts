// What the leader does about Leases that nobody needs any more: those of keys whose claims ended an hour ago, those of
// servers that are gone, and binds that were interrupted before their claim had its key.
import { isOutOfDate } from '../resource/call-outcome.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { ClaimEnd, StoredClaim } from '../../claims/ports.ts';
import type { RuntimeObserver } from '../../runtime-observer.ts';
import { type Lease } from '../leases/lease.ts';
import type { ServerLeases } from '../leases/server-leases.ts';
import type { PodTable } from '../pods/pod-table.ts';
import type { ResourceClient } from '../resource/resource-client.ts';
import { claimOf, KEY_LEASES_SELECTOR, type ClaimKeys } from './claim-keys.ts';

type LeaseUpkeepOptions = {
  readonly leases: ResourceClient<Lease>;
  readonly servers: Pick<ServerLeases, 'silent'>;
  readonly keys: ClaimKeys;
  readonly pods: PodTable;
  readonly end: (claimId: string, end: ClaimEnd) => Promise<StoredClaim>;
  readonly isLeader: () => boolean;
  readonly clock: Clock;
  readonly observer: Pick<RuntimeObserver, 'claimSweepFailed'>;
};

const SWEEP_MS = 10_000;
/** A bind is followed by its key within seconds; the server that sent it may be slow. */
const STRAY_MS = 30_000;
const SILENT_MS = 10 * 60_000;
const ENDED_MS = 60 * 60_000;
const PAGE_SIZE = 250;
const DEADLINE_MS = 5_000;

export class LeaseUpkeep {
  readonly #options: LeaseUpkeepOptions;
  /** Since when each mark has no key, and each key no live claim, by the monotonic clock: as of the last sweep, and of this one. */
  #lastSeen: ReadonlyMap<string, number> = new Map();
  #seen = new Map<string, number>();
  readonly #keyed = new Set<string>();
  #cancelSweep: () => void = () => undefined;

  constructor(options: LeaseUpkeepOptions) {
    this.#options = options;
    this.#planSweep();
  }

  close(): void {
    this.#cancelSweep();
  }

  #planSweep(): void {
    this.#cancelSweep = this.#options.clock.after(SWEEP_MS, () => {
      void this.#sweep().then(() => {
        this.#planSweep();
      });
    });
  }

  async #sweep(): Promise<void> {
    const { isLeader, servers, observer } = this.#options;
    try {
      if (!isLeader()) return;
      this.#lastSeen = this.#seen;
      this.#seen = new Map();
      await this.#endStrays();
      for (const { name, uid } of servers.silent(SILENT_MS)) await this.#delete(name, uid);
      await this.#removeOldKeys();
    } catch (error) {
      observer.claimSweepFailed(error);
    }
  }

  async #endStrays(): Promise<void> {
    const { pods, keys, end } = this.#options;
    const marked = [...pods.values()].flatMap(({ mark }) => (mark?.state === 'held' && mark.key ? [mark] : []));
    const ids = new Set(marked.map(({ id }) => id));
    for (const id of this.#keyed) if (!ids.has(id)) this.#keyed.delete(id);
    for (const { id, key = '' } of marked) {
      if (this.#keyed.has(id) || !this.#isOlderThan(STRAY_MS, id)) continue;
      if (await keys.makeVoid(key)) await end(id, { state: 'lost', reason: 'Unanswered' });
      else if ((await keys.get(key))?.claim.id === id) this.#keyed.add(id);
      else await end(id, { state: 'lost', reason: 'Unanswered' });
    }
  }

  async #removeOldKeys(): Promise<void> {
    const { leases, pods } = this.#options;
    let token: string | undefined;
    do {
      const options = { limit: PAGE_SIZE, labelSelector: KEY_LEASES_SELECTOR, ...(token && { continue: token }) };
      const { items, metadata } = await leases.list(options, AbortSignal.timeout(DEADLINE_MS));
      for (const lease of items) {
        const { name, uid } = lease.metadata;
        const claim = claimOf(lease)?.claim;
        const mark = claim && pods.get(claim.member.name)?.mark;
        const isLive = mark?.id === claim?.id && mark?.state === 'held';
        if (!isLive && this.#isOlderThan(ENDED_MS, uid)) await this.#delete(name, uid);
      }
      token = metadata.continue;
    } while (token !== undefined && token !== '');
  }

  #isOlderThan(ms: number, id: string): boolean {
    const nowMs = this.#options.clock.monotonic();
    const sinceMs = this.#lastSeen.get(id) ?? nowMs;
    this.#seen.set(id, sinceMs);
    return nowMs - sinceMs >= ms;
  }

  async #delete(name: string, uid: string): Promise<void> {
    try {
      await this.#options.leases.delete(name, { uid }, { signal: AbortSignal.timeout(DEADLINE_MS) });
    } catch (error) {
      if (!isOutOfDate(error)) throw error;
    }
  }
}
