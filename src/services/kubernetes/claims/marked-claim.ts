// Claims and the marks that keep them.
import type { Claim } from '../../../contract/claim.ts';
import type { ClaimDraft, ClaimEnd, StoredClaim } from '../../claims/ports.ts';
import { decideRecycling, type Recycling } from '../../claims/recycling.ts';
import { revisionOf } from '../../planning/revision.ts';
import type { Pool } from '../../pools/pool.ts';
import { rfc3339 } from '../../../lib/clock.ts';
import { definedFields } from '../../../lib/json.ts';
import type { ClaimMark } from '../pods/claim-mark.ts';
import type { PodRecord } from '../pods/pod-record.ts';

/** The claim of a pod's mark, with what is known about the pod now. */
export const claimOf = (pod: PodRecord, mark: ClaimMark): StoredClaim => {
  const claim: Claim = {
    id: mark.id,
    pool: pod.poolName,
    poolUid: pod.poolUid,
    state: mark.state === 'held' ? 'bound' : (mark.end ?? 'lost'),
    member: definedFields({
      name: pod.name,
      address: pod.address,
      ports: pod.ports.length > 0 ? [...pod.ports] : undefined,
      node: pod.node,
      message: pod.phase === 'ready' ? undefined : pod.message,
    }),
    launch: mark.launch,
    ttlSeconds: mark.ttlSeconds,
    createdAt: mark.createdAt,
    boundAt: mark.boundAt,
    expiresAt: mark.expiresAt,
    ...(mark.labels !== undefined && { labels: mark.labels }),
    ...(mark.endedAt !== undefined && { endedAt: mark.endedAt }),
    ...(mark.reason !== undefined && { reason: mark.reason }),
  };
  return { claim, expiresAtMs: Date.parse(mark.expiresAt) };
};

/** The mark after a renewal. */
export const renewedMark = (mark: ClaimMark, { claim }: StoredClaim): ClaimMark => ({
  ...mark,
  ttlSeconds: claim.ttlSeconds,
  expiresAt: claim.expiresAt,
});

/** A pod with a mark that can be read. */
export type MarkedPod = PodRecord & { readonly mark: ClaimMark };

/** The mark of a new claim. @param caller Token of the caller that waited for it. */
export const newMark = (
  id: string,
  { idle }: PodRecord,
  { launch, ttlSeconds, labels, createdAtMs, leaseMs, retry }: ClaimDraft,
  { caller, nowMs }: { readonly caller: string | undefined; readonly nowMs: number },
): ClaimMark => ({
  id,
  state: 'held',
  handedOut: Number(idle),
  launch,
  ttlSeconds,
  ...(labels !== undefined && { labels }),
  createdAt: rfc3339(createdAtMs),
  boundAt: rfc3339(nowMs),
  expiresAt: rfc3339(nowMs + leaseMs),
  ...(caller !== undefined && { caller }),
  ...(retry && { key: retry.key }),
});

type Ending = {
  /** Undefined if it is deleted. */
  readonly pool: Pool | undefined;
  readonly end: ClaimEnd;
  readonly canRestart: (pod: PodRecord) => boolean;
};

/** What is to happen to a pod when its claim ends. One that cannot be restarted is removed. */
export const recyclingOf = (pod: PodRecord, { pool, end, canRestart }: Ending): Recycling => {
  const used = pool && { revision: revisionOf(pool), recycleType: pool.specification.recycleStrategy?.type };
  const decided = decideRecycling({ member: pod, pool: used, end });
  return pod.isEvicted || (decided === 'restart' && !canRestart(pod)) ? 'remove' : decided;
};
