// Which claim a request with an Idempotency-Key created, for every server: one Lease for each key. Its create is what makes
// the claim the one of its key, and only one create succeeds. A void one says that nobody has the key: the bind that was to
// take it was interrupted.
import { isNotFound, isOutOfDate, isUncertain } from '../resource/call-outcome.ts';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { Claim } from '../../../contract/claim.ts';
import { RetryRecord } from '../../idempotency/retry-record.ts';
import { parseJson } from '../../../lib/json.ts';
import { toLeaseManifest, type Lease } from '../leases/lease.ts';
import { isPoolAlreadyExists } from '../../pools/pool-errors.ts';
import type { ResourceClient } from '../resource/resource-client.ts';

const RECORD = 'warmpool.dev/key';
const LEASE_KIND = 'warmpool.dev/lease';
const DEADLINE_MS = 5_000;
const SETTLE_PAUSE_MS = 200;
const ATTEMPTS_MAX = 100;

/** What a key stands for: the request, and the claim as it was bound. */
const KeyedClaim = z.object({ retry: RetryRecord, claim: Claim });
export type KeyedClaim = z.output<typeof KeyedClaim>;

export class ClaimKeys {
  readonly #leases: ResourceClient<Lease>;

  constructor(leases: ResourceClient<Lease>) {
    this.#leases = leases;
  }

  /** Undefined for a key that no claim has. */
  async get(key: string): Promise<KeyedClaim | undefined> {
    const lease = await this.#read(key);
    return lease && claimOf(lease);
  }

  /** Gives the key to a claim. Returns false if it belongs to another one. */
  async take(keyed: KeyedClaim): Promise<boolean> {
    const { retry, claim } = keyed;
    const manifest = manifestOf(retry.key, { record: JSON.stringify(keyed), holder: claim.id });
    for (;;) {
      if (await this.#create(manifest)) return true;
      const present = await this.#read(retry.key);
      const holder = present && claimOf(present);
      if (holder !== undefined) return holder.claim.id === claim.id;
      if (present !== undefined && (await this.#replace(present, manifest))) return true;
    }
  }

  /** Makes sure that nobody takes the key for a claim that was interrupted. Returns false if a claim has it. */
  async makeVoid(key: string): Promise<boolean> {
    if (await this.#create(manifestOf(key, { record: '', holder: '' }))) return true;
    return (await this.get(key)) === undefined;
  }

  /** Returns false if there is a Lease. A create whose answer was lost is repeated. */
  async #create(manifest: object): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#leases.create(manifest, { signal: deadline() });
        return true;
      } catch (error) {
        if (isPoolAlreadyExists(error)) return false;
        if (!isUncertain(error) || attempt === ATTEMPTS_MAX) throw error;
        await setTimeout(SETTLE_PAUSE_MS);
      }
    }
  }

  /** Returns false if the Lease has changed. */
  async #replace({ metadata }: Lease, manifest: ReturnType<typeof manifestOf>): Promise<boolean> {
    const { name, resourceVersion } = metadata;
    const body = { ...manifest, metadata: { ...manifest.metadata, resourceVersion } };
    try {
      await this.#leases.replace(name, body, { signal: deadline() });
      return true;
    } catch (error) {
      if (isOutOfDate(error) || isUncertain(error)) return false;
      throw error;
    }
  }

  async #read(key: string): Promise<Lease | undefined> {
    try {
      return await this.#leases.get(nameOf(key), deadline());
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

/** Matches the Leases of all keys. */
export const KEY_LEASES_SELECTOR = `${LEASE_KIND}=key`;

/** The claim that a key belongs to; undefined for a void one. */
export const claimOf = ({ metadata }: Lease): KeyedClaim | undefined =>
  KeyedClaim.safeParse(parseJson(metadata.annotations?.[RECORD] ?? '')).data;

const manifestOf = (key: string, { record, holder }: { readonly record: string; readonly holder: string }) => {
  const metadata = { name: nameOf(key), labels: { [LEASE_KIND]: 'key' }, annotations: { [RECORD]: record } };
  return { ...toLeaseManifest(metadata, { holderIdentity: holder }), metadata };
};

const nameOf = (key: string): string => `warmpool-key-${key}`;

const deadline = () => AbortSignal.timeout(DEADLINE_MS);
