// The operations on pools. Each is its metadata, its input, and one call of the service.
import { z } from 'zod';
import { closedObject } from '../contract/closed-object.ts';
import { DecisionLimit, DecisionList } from '../contract/decision.ts';
import { must } from '../contract/must.ts';
import { MemberList } from '../contract/member.ts';
import { CreatePool, PatchPool, PoolList, PoolResponse, PoolView, UpdatePool } from '../contract/pool.ts';
import { toPoolList, toPoolResponse } from '../services/pools/pool-response.ts';
import { auditEntry } from './audit.ts';
import { answering, poolOperation } from './operation.ts';
import { router } from './trpc.ts';

/** A name that is looked up is not checked against the pattern: what does not exist is 404. */
const name = z.string().describe('Name of the pool.');
const view = PoolView.optional();

const NOT_FOUND = 'KUBERNETES::POOL_NOT_FOUND';
const REJECTED = 'KUBERNETES::REJECTED';

export const poolsRouter = router({
  create: answering(
    PoolResponse,
    poolOperation({
      method: 'POST',
      path: '/pools',
      summary: 'Create a pool',
      description: 'The pool is stored at once; its members are started behind it.',
      success: 201,
      body: CreatePool,
      errors: ['KUBERNETES::POOL_ALREADY_EXISTS', REJECTED],
    })
      .input(CreatePool.extend({ view }))
      .mutation(async ({ ctx, input: { name: newName, view: wanted, ...specification } }) => {
        const pool = await ctx.pools.create(newName, specification);
        ctx.audit(auditEntry('pools.create', { after: pool }));
        return toPoolResponse(pool, wanted);
      }),
  ),

  list: answering(
    PoolList,
    poolOperation({
      method: 'GET',
      path: '/pools',
      summary: 'List pools',
      description: 'Every pool, ordered by name, without templates unless `view=full`.',
      success: 200,
      errors: [],
    })
      .input(closedObject({ view }).optional())
      .query(async ({ ctx, input }) => toPoolList(await ctx.pools.list(), input?.view)),
  ),

  get: answering(
    PoolResponse,
    poolOperation({
      method: 'GET',
      path: '/pools/{name}',
      summary: 'Get a pool',
      description: 'The pool and what was observed of it, with its template unless `view=basic`.',
      success: 200,
      errors: [NOT_FOUND],
    })
      .input(closedObject({ name, view }))
      .query(async ({ ctx, input }) => toPoolResponse(await ctx.pools.get(input.name), input.view)),
  ),

  update: answering(
    PoolResponse,
    poolOperation({
      method: 'PUT',
      path: '/pools/{name}',
      summary: 'Replace members of a pool',
      description:
        'capacitySpec is required. Each other member replaces the stored one whole when given, and is kept when left out. A changed template is a rolling update.',
      success: 200,
      body: UpdatePool,
      errors: [NOT_FOUND, REJECTED],
    })
      .input(UpdatePool.extend({ name, view }))
      .mutation(async ({ ctx, input: { name: target, view: wanted, ...given } }) => {
        const change = await ctx.pools.update(target, given);
        ctx.audit(auditEntry('pools.update', change));
        return toPoolResponse(change.after, wanted);
      }),
  ),

  patch: answering(
    PoolResponse,
    poolOperation({
      method: 'PATCH',
      path: '/pools/{name}',
      summary: 'Patch a pool',
      description: 'A JSON merge patch (RFC 7396): what is given is merged into the pool, `null` removes a member.',
      success: 200,
      body: PatchPool,
      mediaTypes: ['application/merge-patch+json', 'application/json'],
      errors: [NOT_FOUND, REJECTED],
    })
      .input(PatchPool.extend({ name, view }))
      .mutation(async ({ ctx, input: { name: target, view: wanted, ...patch } }) => {
        const change = await ctx.pools.patch(target, patch);
        ctx.audit(auditEntry('pools.patch', change));
        return toPoolResponse(change.after, wanted);
      }),
  ),

  delete: answering(
    z.void(),
    poolOperation({
      method: 'DELETE',
      path: '/pools/{name}',
      summary: 'Delete a pool',
      description: 'The name is free at once; the members are stopped behind it.',
      success: 204,
      errors: [NOT_FOUND, 'POOL::IN_USE', REJECTED],
    })
      .input(closedObject({ name, force: z.boolean(must('be true or false')).optional() }))
      .mutation(async ({ ctx, input }) => {
        const pool = await ctx.pools.delete(input.name, { isForced: input.force ?? false });
        ctx.audit(auditEntry('pools.delete', { before: pool }));
      }),
  ),

  members: answering(
    MemberList,
    poolOperation({
      method: 'GET',
      path: '/pools/{name}/members',
      summary: 'List the members of a pool',
      description: 'Every member, terminating and failed ones included, ordered by name.',
      success: 200,
      errors: [NOT_FOUND],
    })
      .input(closedObject({ name }))
      .query(({ ctx, input }) => ctx.pools.members(input.name)),
  ),

  decisions: answering(
    DecisionList,
    poolOperation({
      method: 'GET',
      path: '/pools/{name}/decisions',
      summary: 'List the decisions about a pool',
      description: 'Why the pool has the size it has: the scaling steps that were carried out, newest first.',
      success: 200,
      errors: [NOT_FOUND, 'RUNTIME::NOT_SUPPORTED'],
    })
      .input(closedObject({ name, limit: DecisionLimit.optional() }))
      .query(({ ctx, input }) => ctx.pools.decisions(input.name, input.limit)),
  ),
});
