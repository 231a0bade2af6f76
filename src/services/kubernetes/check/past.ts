// Which version a cluster had at a time: the leader renews its Lease every few seconds, and etcd still has its older versions.
import { isExpired } from '../connection/api-error.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import type { ResourceClient } from '../resource/resource-client.ts';
import { LEADER_LEASE, type LeaseVersion } from './lease-version.ts';

const CALL_DEADLINE_MS = 10_000;
/** Over the whole history. */
const SAMPLES = 64;

/** The leader at a version; `renewedAtMs` is about when that version was written. */
export type Sample = Pick<LeaseVersion, 'holder' | 'renewedAtMs'> & { readonly version: number };

export class Past {
  readonly #leases: ResourceClient<LeaseVersion>;
  readonly #exists: (version: number) => Promise<unknown>;

  /** @param exists Rejects with an expired error for a version that is compacted. */
  constructor(leases: ResourceClient<LeaseVersion>, exists: (version: number) => Promise<unknown>) {
    this.#leases = leases;
    this.#exists = exists;
  }

  /** The first version that is at least as new as `sinceMs`; the oldest that there is where the leader's Lease does not say which that is. */
  async versionAt(sinceMs: number, now: number): Promise<number> {
    const current = await this.#leader(now);
    const isClock = current !== undefined && current.createdAtMs < sinceMs && (current.renewedAtMs ?? 0) >= sinceMs;
    const isRecent = async (version: number) => {
      if (!(await this.#isAvailable(version))) return false;
      return !isClock || ((await this.#leader(version))?.renewedAtMs ?? -Infinity) >= sinceMs;
    };
    let [old, recent] = [0, now];
    while (recent - old > 1) {
      const middle = Math.floor((old + recent) / 2);
      if (await isRecent(middle)) recent = middle;
      else old = middle;
    }
    return recent;
  }

  /** Who led, from one version to another. */
  async leaders(from: number, to: number): Promise<Sample[]> {
    const samples: Sample[] = [];
    const step = Math.max(1, Math.ceil((to - from) / SAMPLES));
    for (let version = from; version <= to; version += step) {
      const lease = await this.#leader(version);
      if (lease) samples.push({ version, holder: lease.holder, renewedAtMs: lease.renewedAtMs });
    }
    return samples;
  }

  async #isAvailable(version: number): Promise<boolean> {
    try {
      await this.#exists(version);
      return true;
    } catch (error) {
      if (isExpired(error)) return false;
      throw error;
    }
  }

  /** Undefined where there was none, or where the account may not list Leases. */
  async #leader(version: number): Promise<LeaseVersion | undefined> {
    const exactly = { resourceVersion: String(version), resourceVersionMatch: 'Exact' } as const;
    const options = { fieldSelector: `metadata.name=${LEADER_LEASE}`, ...exactly };
    try {
      return (await this.#leases.list(options, AbortSignal.timeout(CALL_DEADLINE_MS))).items[0];
    } catch (error) {
      if (error instanceof WarmpoolError && error.code === 'KUBERNETES::FORBIDDEN') return undefined;
      throw error;
    }
  }
}
