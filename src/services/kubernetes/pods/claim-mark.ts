// Who holds a pod: one annotation, written whole. No memory, Lease or second object says so.
import { z } from 'zod';
import { ClaimLaunch } from '../../../contract/claim.ts';
import { Labels } from '../../../contract/metadata.ts';
import type { ClaimEnd } from '../../claims/ports.ts';
import type { Recycling } from '../../claims/recycling.ts';
import { rfc3339 } from '../../../lib/clock.ts';
import { parseJson } from '../../../lib/json.ts';

/** Times are RFC 3339. */
const ClaimMark = z.object({
  /** Of the claim: the name of the pod, and 8 random characters. */
  id: z.string(),
  /** `restarting` and `ended` have an `end`: nobody holds the pod any more, and nobody gets it until it is idle again. */
  state: z.enum(['held', 'restarting', 'ended']),
  end: z.enum(['released', 'expired', 'lost']).optional(),
  /** Why the claim was lost. */
  reason: z.string().optional(),
  /** What is to happen to the pod once the claim has ended. */
  recycling: z.enum(['remove', 'restart', 'return']).optional(),
  /** How often the pod was handed out before. */
  handedOut: z.int().min(0),
  launch: ClaimLaunch,
  ttlSeconds: z.int(),
  labels: Labels.optional(),
  createdAt: z.iso.datetime(),
  boundAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  /** While `restarting`: when this attempt began. */
  restartedAt: z.iso.datetime().optional(),
  /** Of the client that waited for it, as the Lease of its server names it. */
  caller: z.string().optional(),
  /** Hash of the request's Idempotency-Key with its scope. */
  key: z.string().optional(),
  /** While `restarting`: ids of the containers to replace, by name. */
  containers: z.record(z.string(), z.string()).optional(),
  /** While `restarting`: the number of this attempt. */
  attempt: z.int().optional(),
});
export type ClaimMark = z.output<typeof ClaimMark>;

/** Undefined for a text that is not a mark: somebody edited it. */
export const parseMark = (text: string): ClaimMark | undefined => ClaimMark.safeParse(parseJson(text)).data;

export const formatMark = (mark: ClaimMark): string => JSON.stringify(mark);

/** The mark of a claim that ends. */
export const endedMark = (mark: ClaimMark, end: ClaimEnd, recycling: Recycling, nowMs: number): ClaimMark => ({
  ...mark,
  state: 'ended',
  end: end.state,
  ...(end.state === 'lost' && { reason: end.reason }),
  endedAt: rfc3339(nowMs),
  recycling,
});
