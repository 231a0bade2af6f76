// The operation on a single member.
import { z } from 'zod';
import { closedObject } from '../contract/closed-object.ts';
import { must } from '../contract/must.ts';
import { operation, POOLS_TAG } from './operation.ts';
import { router } from './trpc.ts';

export const membersRouter = router({
  evict: operation({
    tag: POOLS_TAG,
    method: 'DELETE',
    path: '/pools/{name}/members/{member}',
    operationId: 'evictPoolMember',
    summary: 'Stop a member of a pool',
    description:
      'Stops the member; the pool replaces it if its size requires that. With `force=true`, a claim that holds it is lost.',
    output: z.undefined(),
    success: 204,
    errors: [
      'KUBERNETES::POOL_NOT_FOUND',
      'POOL::NOT_MANAGED',
      'POOL::CONTESTED',
      'MEMBER::NOT_FOUND',
      'MEMBER::IN_USE',
      'RUNTIME::NOT_SUPPORTED',
    ],
  })
    .input(
      closedObject({
        name: z.string(must('be a string')).describe('Name of the pool.'),
        member: z.string(must('be a string')).describe('Name of the member.'),
        force: z.boolean(must('be true or false')).optional(),
      }),
    )
    .mutation(async ({ ctx, path, input: { name, member, force } }) => {
      await ctx.claims.evict(name, member, force);
      ctx.audit({ operation: path, pool: name, member });
    }),
});
