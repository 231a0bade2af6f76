// A claim: a lease on one member. It exists from the moment a member is bound to it until it is released, expires, or
// loses its member.
import { z } from 'zod';
import { closedObject } from './closed-object.ts';
import { LabelSelector } from './label-selector.ts';
import {
  CLAIM_LABELS_MAX,
  CLAIM_LABELS_MAX_BYTES,
  TTL_DEFAULT_SECONDS,
  TTL_MAX_SECONDS,
  WAIT_MAX_SECONDS,
} from './limits.ts';
import { PageOptions } from './list-options.ts';
import { MemberPort } from './member.ts';
import { Labels } from './metadata.ts';
import { must } from './must.ts';

export const ClaimState = z
  .enum(['bound', 'released', 'expired', 'lost'])
  .meta({ id: 'ClaimState', description: 'State of a claim: `bound` while it holds its member, then how it ended.' });
export type ClaimState = z.infer<typeof ClaimState>;

export const ClaimLaunch = z.enum(['warm', 'cold']).meta({
  id: 'ClaimLaunch',
  description: '`warm` if a member was free when the request arrived, `cold` if the client had to wait for one.',
});
export type ClaimLaunch = z.infer<typeof ClaimLaunch>;

const ttlInRange = must(`be an integer from 1 to ${TTL_MAX_SECONDS}`);

const TtlSeconds = z.int(ttlInRange).min(1, ttlInRange).max(TTL_MAX_SECONDS, ttlInRange);

const waitInRange = must(`be an integer from 0 to ${WAIT_MAX_SECONDS}`);

const sizeOf = (labels: Readonly<Record<string, string>>): number =>
  Object.entries(labels).reduce((sum, [key, value]) => sum + key.length + value.length, 0);

/** Keys and values are ASCII, so characters are bytes. */
const ClaimLabels = Labels.refine(
  (labels) => Object.keys(labels).length <= CLAIM_LABELS_MAX,
  must(`have at most ${CLAIM_LABELS_MAX} entries`),
)
  .refine(
    (labels) => sizeOf(labels) <= CLAIM_LABELS_MAX_BYTES,
    must(`have at most ${CLAIM_LABELS_MAX_BYTES} bytes of keys and values`),
  )
  .meta({
    id: 'ClaimLabels',
    description: `Labels of a claim in Kubernetes syntax: at most ${CLAIM_LABELS_MAX} entries, and ${CLAIM_LABELS_MAX_BYTES} bytes of keys and values.`,
    examples: [{ job: 'build-17' }],
  });

/** The body of POST /v1/pools/{name}/claims. */
export const CreateClaim = closedObject({
  ttlSeconds: TtlSeconds.optional().describe(
    `How long the claim holds its member unless it is renewed, in seconds. Default ${TTL_DEFAULT_SECONDS}.`,
  ),
  waitSeconds: z
    .int(waitInRange)
    .min(0, waitInRange)
    .max(WAIT_MAX_SECONDS, waitInRange)
    .optional()
    .describe('How long to wait for a member if none is free, in seconds. Default 0.'),
  labels: ClaimLabels.optional(),
}).meta({
  id: 'CreateClaim',
  description: 'Claim to create. An empty body uses the defaults.',
  examples: [{ ttlSeconds: 600, waitSeconds: 30, labels: { job: 'build-17' } }],
});
export type CreateClaim = z.infer<typeof CreateClaim>;

/** The body of POST /v1/claims/{id}/renew. */
export const RenewClaim = closedObject({
  ttlSeconds: TtlSeconds.optional().describe(
    'New lease duration, counted from now, in seconds. It may shorten the lease. Default: the current `ttlSeconds` of the claim.',
  ),
}).meta({
  id: 'RenewClaim',
  description: 'Renewal of a claim. An empty body renews it for its current duration.',
  examples: [{ ttlSeconds: 600 }],
});
export type RenewClaim = z.infer<typeof RenewClaim>;

export const ClaimedMember = z
  .object({
    name: z.string().describe('Name of the member.'),
    address: z.string().optional().describe('Network address of the member.'),
    ports: z.array(MemberPort).optional().describe('Declared ports of the member.'),
    node: z.string().optional().describe('Kubernetes node that the member runs on.'),
    message: z.string().optional().describe('Why the member is not ready at the moment, if known.'),
  })
  .meta({ id: 'ClaimedMember', description: 'The member that a claim holds or held.' });
export type ClaimedMember = z.infer<typeof ClaimedMember>;

export const Claim = z
  .object({
    id: z.string().describe('Unique identifier, a DNS label that is never reused. Use it as a fencing token.'),
    pool: z.string().describe('Name of the pool.'),
    poolUid: z.string().describe('Unique identifier of the pool.'),
    state: ClaimState,
    member: ClaimedMember,
    launch: ClaimLaunch,
    ttlSeconds: z.int().describe('Lease duration of the last renewal, in seconds.'),
    labels: Labels.optional(),
    reason: z.string().optional().describe('Why the member was lost, in CamelCase: `PoolDeleted`, `Evicted`, …'),
    createdAt: z.iso.datetime().describe('When the request arrived.'),
    boundAt: z.iso.datetime().describe('When the member was bound.'),
    expiresAt: z.iso.datetime().describe('When the claim ends unless it is renewed.'),
    endedAt: z.iso.datetime().optional().describe('When the claim ended.'),
  })
  .meta({ id: 'Claim', description: 'A lease on one member of a pool.' });
export type Claim = z.infer<typeof Claim>;

export const ClaimList = z
  .object({
    items: z.array(Claim),
    continue: z.string().optional().describe('Continuation token; absent on the last page.'),
    remainingItemCount: z.int().optional().describe('Number of claims that follow; absent on the last page.'),
  })
  .meta({ id: 'ClaimList', description: 'Claims, ordered by creation time and id.' });
export type ClaimList = z.infer<typeof ClaimList>;

const ClaimStateFilter = z.enum(['bound', 'all'], must('be "bound" or "all"')).meta({
  id: 'ClaimStateFilter',
  description: 'Which claims a list includes: only `bound` ones, or `all`.',
});

/** Selectors and page of a list of claims. */
export const ClaimListOptions = closedObject({
  state: ClaimStateFilter.optional(),
  labelSelector: LabelSelector.optional(),
  ...PageOptions.shape,
});
export type ClaimListOptions = z.infer<typeof ClaimListOptions>;
