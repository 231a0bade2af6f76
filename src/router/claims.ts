// The operations on claims. Each is its metadata, its input, and one call of the service.
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { Claim, ClaimList, ClaimListOptions, CreateClaim, RenewClaim } from '../contract/claim.ts';
import { closedObject } from '../contract/closed-object.ts';
import { CLAIMS_DEFAULT_LIMIT } from '../contract/limits.ts';
import { must } from '../contract/must.ts';
import { IdempotencyKey } from '../contract/preconditions.ts';
import type { ClaimPage } from '../services/claims/claim-page.ts';
import { invalidRequest } from '../services/warmpool-error.ts';
import { operation, type Operation } from './operation.ts';
import { router, type CallContext, type Context } from './trpc.ts';

const claimOperation = <Output extends z.ZodType>(declared: Omit<Operation<Output>, 'tag'>) =>
  operation({ tag: { name: 'claims', description: 'Claims: leases on members of pools.' }, ...declared });

const PoolName = z.string(must('be a string')).describe('Name of the pool.');
const ClaimPath = { id: z.string(must('be a string')).describe('Identifier of the claim.') };

const POOL_NOT_FOUND = 'KUBERNETES::POOL_NOT_FOUND';
const NOT_FOUND = 'CLAIM::NOT_FOUND';
const NOT_SUPPORTED = 'RUNTIME::NOT_SUPPORTED';

export const claimsRouter = router({
  create: claimOperation({
    method: 'POST',
    path: '/pools/{name}/claims',
    operationId: 'createClaim',
    summary: 'Claim a member of a pool',
    description:
      'Binds a free member to a new claim. If no member is free, the request waits for up to `waitSeconds`: first come, first served. Repeating the request with the same Idempotency-Key and body returns the claim created by the first one.',
    output: Claim,
    success: 201,
    location: '/claims/{id}',
    body: CreateClaim,
    isBodyOptional: true,
    errors: [
      POOL_NOT_FOUND,
      'KUBERNETES::POOL_CAPACITY_EXHAUSTED',
      'CLAIM::TIMEOUT',
      'POOL::DELETING',
      'POOL::NOT_MANAGED',
      'POOL::CONTESTED',
      'IDEMPOTENCY::KEY_REUSED',
      'SERVER::BUSY',
      NOT_SUPPORTED,
    ],
  })
    .input(CreateClaim.extend({ name: PoolName, idempotencyKey: IdempotencyKey.optional() }))
    .mutation(async ({ ctx, path, signal, input: { name, idempotencyKey, ...given } }) => {
      if (ctx.isBatch && given.waitSeconds !== undefined)
        throw invalidRequest([{ path: ['waitSeconds'], message: 'must be absent in a batch; send its own request' }]);
      const retry = idempotencyKey === undefined ? undefined : { key: idempotencyKey, caller: ctx.caller, options: {} };
      const { claim, isReplay } = await ctx.claims.create(name, given, { signal, retry });
      if (isReplay) ctx.responseHeaders['Idempotency-Replayed'] = 'true';
      else auditClaim(ctx, path, claim);
      if (retry === undefined) await releaseIfUnread(ctx, claim, signal);
      return claim;
    }),

  list: claimOperation({
    method: 'GET',
    path: '/claims',
    operationId: 'listClaims',
    summary: 'List the claims of all pools',
    description: `Claims that match the selectors, ordered by creation time and id: live ones, unless \`state=all\`. A page has at most \`limit\` claims, by default ${CLAIMS_DEFAULT_LIMIT}.`,
    alsoAt: {
      path: '/pools/{name}/claims',
      operationId: 'listPoolClaims',
      summary: 'List the claims of a pool',
      description: `Claims on members of the pool that match the selectors, ordered by creation time and id: live ones, unless \`state=all\`. A page has at most \`limit\` claims, by default ${CLAIMS_DEFAULT_LIMIT}.`,
      errors: [POOL_NOT_FOUND],
    },
    output: ClaimList,
    success: 200,
    errors: [NOT_SUPPORTED],
  })
    .input(ClaimListOptions.extend({ name: PoolName.optional() }).optional())
    .query(async ({ ctx, input: { name, ...options } = {} }) =>
      toClaimList(await ctx.claims.list({ ...options, pool: name })),
    ),

  get: claimOperation({
    method: 'GET',
    path: '/claims/{id}',
    operationId: 'getClaim',
    summary: 'Get a claim',
    description: 'The claim and the member that it holds. An ended claim is remembered for one hour.',
    output: Claim,
    success: 200,
    errors: [NOT_FOUND, NOT_SUPPORTED],
  })
    .input(closedObject(ClaimPath))
    .query(({ ctx, input }) => ctx.claims.get(input.id)),

  renew: claimOperation({
    method: 'POST',
    path: '/claims/{id}/renew',
    operationId: 'renewClaim',
    summary: 'Renew a claim',
    description: 'The claim then ends `ttlSeconds` from now unless it is renewed again.',
    output: Claim,
    success: 200,
    body: RenewClaim,
    isBodyOptional: true,
    errors: [NOT_FOUND, 'CLAIM::ENDED', NOT_SUPPORTED],
  })
    .input(RenewClaim.extend(ClaimPath))
    .mutation(async ({ ctx, path, input: { id, ttlSeconds } }) => {
      const claim = await ctx.claims.renew(id, ttlSeconds);
      auditClaim(ctx, path, claim);
      return claim;
    }),

  release: claimOperation({
    method: 'DELETE',
    path: '/claims/{id}',
    operationId: 'releaseClaim',
    summary: 'Release a claim',
    description: 'Ends the claim; its member is recycled afterwards. Releasing a claim that has ended does nothing.',
    output: z.undefined(),
    success: 204,
    errors: [NOT_FOUND, NOT_SUPPORTED],
  })
    .input(closedObject(ClaimPath))
    .mutation(async ({ ctx, path, input: { id } }) => {
      const { state } = await ctx.claims.get(id);
      const claim = await ctx.claims.release(id);
      if (state === 'bound') auditClaim(ctx, path, claim);
    }),
});

/** A disconnection that has arrived takes Node up to three turns of the event loop to report: read, shut down, closed. */
const DISCONNECTION_TURNS = 3;

/** Whether the client has disconnected, even if the server has not read that yet. */
const hasLeft = async (signal: AbortSignal | undefined): Promise<boolean> => {
  for (let turn = 0; turn < DISCONNECTION_TURNS && signal?.aborted === false; turn++) await setImmediate();
  return signal?.aborted ?? false;
};

/**
 * Releases the claim of a client that disconnects before it has the whole response: nobody knows the claim, and without a
 * key nobody can ask for it again.
 */
const releaseIfUnread = async (ctx: Context, claim: Claim, signal: AbortSignal | undefined): Promise<void> => {
  const release = async () => {
    await ctx.claims.release(claim.id);
    auditClaim(ctx, 'claims.release', claim);
  };
  if (await hasLeft(signal)) await release();
  // If that fails, the claim ends when it expires.
  else signal?.addEventListener('abort', () => void release().catch(() => undefined), { once: true });
};

const auditClaim = (ctx: CallContext, operation: string, { id, pool, poolUid, member }: Claim): void => {
  ctx.audit({ operation, pool, uid: poolUid, claim: id, member: member.name });
};

const toClaimList = ({ claims, more }: ClaimPage): ClaimList => ({
  items: [...claims],
  ...(more && { continue: more.token, remainingItemCount: more.count }),
});
