// The operations on pools. Each is its metadata, its input, and one call of the service.
import { z } from 'zod';
import { closedObject } from '../contract/closed-object.ts';
import { DecisionLimit, DecisionList } from '../contract/decision.ts';
import { must } from '../contract/must.ts';
import { MemberList } from '../contract/member.ts';
import { PageOptions, PoolSelectors } from '../contract/list-options.ts';
import { CreatePool, PatchPool, PoolList, PoolResponse, PoolView, UpdatePool } from '../contract/pool.ts';
import { IdempotencyKey, IfMatch } from '../contract/preconditions.ts';
import { toPoolList, toPoolResponse, toWrittenPool } from '../services/pools/representation/pool-response.ts';
import { listEtag } from '../services/pools/representation/etag.ts';
import { poolHistory, poolSummaries } from './history.ts';
import { operation, POOLS_TAG, type Operation } from './operation.ts';
import { reportWrite } from './pool-writes.ts';
import { router } from './trpc.ts';
import { watchPools } from './watch-pools.ts';

/** Clients of OpenSandbox call the pool operations at the root. */
const poolOperation = <Output extends z.ZodType>(declared: Omit<Operation<Output>, 'tag' | 'isAtRoot'>) =>
  operation({
    tag: POOLS_TAG,
    isAtRoot: true,
    ...declared,
  });

/** The pattern of names does not apply to lookups: a pool that cannot exist is 404. */
const PoolPath = { name: z.string(must('be a string')).describe('Name of the pool.') };
const Flag = z.boolean(must('be true or false')).optional();
const View = { view: PoolView.optional() };
const Preview = { dryRun: Flag };
const Precondition = { ifMatch: IfMatch.optional() };

/** Metadata of operations whose output is a stored pool, or on a dry run one that is not stored. */
const WRITE = {
  output: PoolResponse,
  etag: ({ etag }: PoolResponse) => etag,
  isPreview: ({ plan }: PoolResponse) => plan !== undefined,
} as const;

const NOT_FOUND = 'KUBERNETES::POOL_NOT_FOUND';
const CONFLICT = 'POOL::VERSION_CONFLICT';
const REJECTED = 'KUBERNETES::REJECTED';

export const poolsRouter = router({
  watch: watchPools,

  create: poolOperation({
    ...WRITE,
    method: 'POST',
    path: '/pools',
    operationId: 'createPool',
    summary: 'Create a pool',
    description:
      'Stores the pool and returns; its members are started afterwards. Repeating the request with the same Idempotency-Key and body returns the pool created by the first one.',
    success: 201,
    location: '/pools/{name}',
    body: CreatePool,
    errors: ['KUBERNETES::POOL_ALREADY_EXISTS', 'IDEMPOTENCY::KEY_REUSED', REJECTED],
  })
    .input(CreatePool.extend({ ...View, ...Preview, idempotencyKey: IdempotencyKey.optional() }))
    .mutation(async ({ ctx, path, input: { name, view, dryRun, idempotencyKey, ...given } }) => {
      const retry =
        idempotencyKey === undefined ? undefined : { key: idempotencyKey, caller: ctx.caller, options: { view } };
      const written = await ctx.pools.create(name, given, { isDryRun: dryRun, retry });
      reportWrite(ctx, path, written);
      return toWrittenPool(written.after, written, view);
    }),

  list: poolOperation({
    method: 'GET',
    path: '/pools',
    operationId: 'listPools',
    summary: 'List pools',
    description:
      'Pools that match the selectors, ordered by name, without templates unless `view=full`. Without `limit`, all of them are returned in one page.',
    output: PoolList,
    success: 200,
    etag: listEtag,
    errors: [],
  })
    .input(closedObject({ ...View, ...PageOptions.shape, ...PoolSelectors.shape }).optional())
    .query(async ({ ctx, input: { view, ...options } = {} }) => toPoolList(await ctx.pools.list(options), view)),

  get: poolOperation({
    method: 'GET',
    path: '/pools/{name}',
    operationId: 'getPool',
    summary: 'Get a pool',
    description: 'The pool and its observed state, with its template unless `view=basic`.',
    output: PoolResponse,
    success: 200,
    etag: ({ etag }) => etag,
    errors: [NOT_FOUND],
  })
    .input(closedObject({ ...PoolPath, ...View }))
    .query(async ({ ctx, input }) => toPoolResponse(await ctx.pools.get(input.name), input.view)),

  update: poolOperation({
    ...WRITE,
    method: 'PUT',
    path: '/pools/{name}',
    operationId: 'updatePool',
    summary: 'Replace fields of a pool',
    description:
      '`capacitySpec` is required. Every other field, if present, replaces the stored value entirely; if absent, the stored value is kept. A changed template starts a rollout.',
    success: 200,
    body: UpdatePool,
    errors: [NOT_FOUND, CONFLICT, REJECTED],
  })
    .input(UpdatePool.extend({ ...PoolPath, ...View, ...Preview, ...Precondition }))
    .mutation(async ({ ctx, path, input: { name, view, dryRun, ifMatch, ...given } }) => {
      const written = await ctx.pools.update(name, given, { isDryRun: dryRun, ifMatch });
      reportWrite(ctx, path, written);
      return toWrittenPool(written.after, written, view);
    }),

  patch: poolOperation({
    ...WRITE,
    method: 'PATCH',
    path: '/pools/{name}',
    operationId: 'patchPool',
    summary: 'Patch a pool',
    description:
      'JSON merge patch (RFC 7396): the fields in the request are merged into the pool; `null` removes a field.',
    success: 200,
    body: PatchPool,
    mediaTypes: ['application/merge-patch+json', 'application/json'],
    errors: [NOT_FOUND, CONFLICT, REJECTED],
  })
    .input(PatchPool.extend({ ...PoolPath, ...View, ...Preview, ...Precondition }))
    .mutation(async ({ ctx, path, input: { name, view, dryRun, ifMatch, ...patch } }) => {
      const written = await ctx.pools.patch(name, patch, { isDryRun: dryRun, ifMatch });
      reportWrite(ctx, path, written);
      return toWrittenPool(written.after, written, view);
    }),

  delete: poolOperation({
    method: 'DELETE',
    path: '/pools/{name}',
    operationId: 'deletePool',
    summary: 'Delete a pool',
    description:
      'Deletes the pool and returns; its members are stopped afterwards. The name is free immediately, or on Kubernetes when the last finalizer is gone. A dry run returns the current pool and the members that would be stopped.',
    output: PoolResponse.optional(),
    success: 204,
    isPreview: (output) => output !== undefined,
    errors: [NOT_FOUND, CONFLICT, 'POOL::IN_USE', REJECTED],
  })
    .input(closedObject({ ...PoolPath, force: Flag, ...Preview, ...Precondition }))
    .mutation(async ({ ctx, path, input: { name, force, dryRun, ifMatch } }) => {
      const written = await ctx.pools.delete(name, { isForced: force, isDryRun: dryRun, ifMatch });
      reportWrite(ctx, path, written);
      return written.plan && toWrittenPool(written.before, written);
    }),

  members: poolOperation({
    method: 'GET',
    path: '/pools/{name}/members',
    operationId: 'listPoolMembers',
    summary: 'List the members of a pool',
    description: 'All members, including terminating and failed ones, ordered by name.',
    output: MemberList,
    success: 200,
    errors: [NOT_FOUND],
  })
    .input(closedObject(PoolPath))
    .query(async ({ ctx, input }) => ({ items: await ctx.pools.members(input.name) })),

  decisions: poolOperation({
    method: 'GET',
    path: '/pools/{name}/decisions',
    operationId: 'listPoolDecisions',
    summary: 'List the scaling decisions of a pool',
    description: 'Scaling steps that were carried out, newest first, each with its reasons.',
    output: DecisionList,
    success: 200,
    errors: [NOT_FOUND, 'RUNTIME::NOT_SUPPORTED'],
  })
    .input(closedObject({ ...PoolPath, limit: DecisionLimit.optional() }))
    .query(async ({ ctx, input }) => ({ items: await ctx.pools.decisions(input.name, input.limit) })),

  history: poolHistory,
  summaries: poolSummaries,
});
