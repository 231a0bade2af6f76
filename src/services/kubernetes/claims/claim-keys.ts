// Which claim a request with an Idempotency-Key created, for every server: one Lease for each key. Its create is what makes
// the claim the one of its key, and only one create succeeds.
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { Claim } from '../../../contract/claim.ts';
import { RetryRecord } from '../../idempotency/retry-record.ts';
import { parseJson } from '../../../lib/json.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { isMissing, toLeaseManifest, type Lease } from '../leases/lease.ts';
import { isUnsure } from '../pods/pod-control.ts';
import type { ResourceClient } from '../resource/resource-client.ts';

const RECORD = 'warmpool.dev/key';
const DEADLINE_MS = 5_000;
const SETTLE_PAUSE_MS = 200;

/** What a key stands for: the request, and the claim as it was bound. */
const KeyedClaim = z.object({ retry: RetryRecord, claim: Claim });
export type KeyedClaim = z.output<typeof KeyedClaim>;

export class ClaimKeys {
  readonly #leases: ResourceClient<Lease>;

  constructor(leases: ResourceClient<Lease>) {
    this.#leases = leases;
  }

  /** Undefined for a key that was never used. */
  async get(key: string): Promise<KeyedClaim | undefined> {
    try {
      const lease = await this.#leases.get(nameOf(key), deadline());
      return KeyedClaim.safeParse(parseJson(lease.metadata.annotations?.[RECORD] ?? '')).data;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Gives the key to a claim. Returns false if it belongs to another one. */
  async take(keyed: KeyedClaim): Promise<boolean> {
    const { retry, claim } = keyed;
    const metadata = { name: nameOf(retry.key), annotations: { [RECORD]: JSON.stringify(keyed) } };
    const manifest = toLeaseManifest(metadata, { holderIdentity: claim.id });
    for (;;) {
      try {
        await this.#leases.create(manifest, { signal: deadline() });
        return true;
      } catch (error) {
        if (isTaken(error)) return (await this.get(retry.key))?.claim.id === claim.id;
        // The answer was lost: the next attempt finds what became of it.
        if (!isUnsure(error)) throw error;
        await setTimeout(SETTLE_PAUSE_MS);
      }
    }
  }
}

const nameOf = (key: string): string => `warmpool-key-${key}`;

const isTaken = (error: unknown): boolean =>
  error instanceof WarmpoolError && error.code === 'KUBERNETES::POOL_ALREADY_EXISTS';

const deadline = () => AbortSignal.timeout(DEADLINE_MS);
