// The operations on pools. Each is its metadata, its input, and one call of the service.
import { z } from 'zod';
import { closedObject } from '../contract/closed-object.ts';
import { DecisionLimit, DecisionList } from '../contract/decision.ts';
import { must } from '../contract/must.ts';
import { MemberList } from '../contract/member.ts';
import { Page, PoolSelectors } from '../contract/list-options.ts';
import { CreatePool, PatchPool, PoolList, PoolResponse, PoolView, UpdatePool } from '../contract/pool.ts';
import { IdempotencyKey, IfMatch } from '../contract/preconditions.ts';
import { toPoolList, toPoolResponse, toWrittenPool } from '../services/pools/representation/pool-response.ts';
import { noteWrite } from './audit.ts';
import { answering, poolOperation } from './operation.ts';
import { router } from './trpc.ts';
import { watchPools } from './watch-pools.ts';

/** A name that is looked up is not checked against the pattern: what does not exist is 404. */
const Name = z.string(must('be a string')).describe('Name of the pool.');
const Flag = z.boolean(must('be true or false'));
const Options = { view: PoolView.optional() };
const WriteOptions = { ...Options, dryRun: Flag.optional() };
const ChangeOptions = { ...WriteOptions, ifMatch: IfMatch.optional() };

const NOT_FOUND = 'KUBERNETES::POOL_NOT_FOUND';
const CONFLICT = 'POOL::VERSION_CONFLICT';
const REJECTED = 'KUBERNETES::REJECTED';

export const poolsRouter = router({
  watch: watchPools,

  create: answering(
    PoolResponse,
    poolOperation({
      method: 'POST',
      path: '/pools',
      operationId: 'createPool',
      summary: 'Create a pool',
      description:
        'Stores the pool and returns; its members are started afterwards. Repeating the request with the same Idempotency-Key and body returns the pool created by the first one.',
      success: 201,
      location: '/pools/{name}',
      body: CreatePool,
      isVersioned: true,
      errors: ['KUBERNETES::POOL_ALREADY_EXISTS', 'IDEMPOTENCY::KEY_REUSED', REJECTED],
    })
      .input(CreatePool.extend({ ...WriteOptions, idempotencyKey: IdempotencyKey.optional() }))
      .mutation(async ({ ctx, input: { name, view, dryRun, idempotencyKey, ...given } }) => {
        const scope = `${ctx.caller} pools.create?view=${view ?? ''}`;
        const retry = idempotencyKey === undefined ? undefined : { idempotencyKey, scope };
        const written = await ctx.pools.create(name, given, { isDryRun: dryRun, retry });
        noteWrite(ctx, 'pools.create', written);
        return toWrittenPool(written.after, written, view);
      }),
  ),

  list: answering(
    PoolList,
    poolOperation({
      method: 'GET',
      path: '/pools',
      operationId: 'listPools',
      summary: 'List pools',
      description:
        'Pools matching the selectors, ordered by name, without templates unless `view=full`. Without `limit`, all of them are returned in one page.',
      success: 200,
      isVersioned: true,
      errors: [],
    })
      .input(closedObject({ ...Options, ...Page.shape, ...PoolSelectors.shape }).optional())
      .query(async ({ ctx, input: { view, ...options } = {} }) => toPoolList(await ctx.pools.list(options), view)),
  ),

  get: answering(
    PoolResponse,
    poolOperation({
      method: 'GET',
      path: '/pools/{name}',
      operationId: 'getPool',
      summary: 'Get a pool',
      description: 'The pool and its observed state, with its template unless `view=basic`.',
      success: 200,
      isVersioned: true,
      errors: [NOT_FOUND],
    })
      .input(closedObject({ name: Name, ...Options }))
      .query(async ({ ctx, input }) => toPoolResponse(await ctx.pools.get(input.name), input.view)),
  ),

  update: answering(
    PoolResponse,
    poolOperation({
      method: 'PUT',
      path: '/pools/{name}',
      operationId: 'updatePool',
      summary: 'Replace fields of a pool',
      description:
        '`capacitySpec` is required. Every other field, if present, replaces the stored value entirely; if absent, the stored value is kept. A changed template starts a rolling update.',
      success: 200,
      body: UpdatePool,
      isVersioned: true,
      errors: [NOT_FOUND, CONFLICT, REJECTED],
    })
      .input(UpdatePool.extend({ name: Name, ...ChangeOptions }))
      .mutation(async ({ ctx, input: { name, view, dryRun, ifMatch, ...given } }) => {
        const written = await ctx.pools.update(name, given, { isDryRun: dryRun, ifMatch });
        noteWrite(ctx, 'pools.update', written);
        return toWrittenPool(written.after, written, view);
      }),
  ),

  patch: answering(
    PoolResponse,
    poolOperation({
      method: 'PATCH',
      path: '/pools/{name}',
      operationId: 'patchPool',
      summary: 'Patch a pool',
      description: 'JSON merge patch (RFC 7396): the fields given are merged into the pool, `null` removes a field.',
      success: 200,
      body: PatchPool,
      mediaTypes: ['application/merge-patch+json', 'application/json'],
      isVersioned: true,
      errors: [NOT_FOUND, CONFLICT, REJECTED],
    })
      .input(PatchPool.extend({ name: Name, ...ChangeOptions }))
      .mutation(async ({ ctx, input: { name, view, dryRun, ifMatch, ...patch } }) => {
        const written = await ctx.pools.patch(name, patch, { isDryRun: dryRun, ifMatch });
        noteWrite(ctx, 'pools.patch', written);
        return toWrittenPool(written.after, written, view);
      }),
  ),

  delete: answering(
    PoolResponse.optional(),
    poolOperation({
      method: 'DELETE',
      path: '/pools/{name}',
      operationId: 'deletePool',
      summary: 'Delete a pool',
      description:
        'Frees the name at once; the members are stopped afterwards. A dry run returns the pool as it is, with the members that would be stopped.',
      success: 204,
      errors: [NOT_FOUND, CONFLICT, 'POOL::IN_USE', REJECTED],
    })
      .input(closedObject({ name: Name, force: Flag.optional(), dryRun: Flag.optional(), ifMatch: IfMatch.optional() }))
      .mutation(async ({ ctx, input: { name, force, dryRun, ifMatch } }) => {
        const written = await ctx.pools.delete(name, { isForced: force, isDryRun: dryRun, ifMatch });
        noteWrite(ctx, 'pools.delete', written);
        return written.plan && toWrittenPool(written.before, written);
      }),
  ),

  members: answering(
    MemberList,
    poolOperation({
      method: 'GET',
      path: '/pools/{name}/members',
      operationId: 'listPoolMembers',
      summary: 'List the members of a pool',
      description: 'All members, including terminating and failed ones, ordered by name.',
      success: 200,
      errors: [NOT_FOUND],
    })
      .input(closedObject({ name: Name }))
      .query(({ ctx, input }) => ctx.pools.members(input.name)),
  ),

  decisions: answering(
    DecisionList,
    poolOperation({
      method: 'GET',
      path: '/pools/{name}/decisions',
      operationId: 'listPoolDecisions',
      summary: 'List the scaling decisions for a pool',
      description: 'Scaling steps that were carried out, newest first, each with its reasons.',
      success: 200,
      errors: [NOT_FOUND, 'RUNTIME::NOT_SUPPORTED'],
    })
      .input(closedObject({ name: Name, limit: DecisionLimit.optional() }))
      .query(({ ctx, input }) => ctx.pools.decisions(input.name, input.limit)),
  ),
});
