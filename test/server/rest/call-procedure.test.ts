// The REST adapter runs procedures itself, with the same outcome as tRPC's own caller.
import { initTRPC, TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { callProcedure } from '../../../src/server/rest/call-procedure.ts';
import type { Procedure } from '../../../src/router/procedures.ts';
import type { Context, Meta } from '../../../src/router/trpc.ts';

const trpc = initTRPC.context<Context>().meta<Meta>().create();
const withMiddlewares = trpc.procedure
  .use(({ next, ctx }) => next({ ctx: { ...ctx, requestId: `${ctx.requestId}-1` } }))
  .input(z.object({ fail: z.enum(['no', 'error', 'trpc']) }))
  .use(({ next, input }) => next({ ctx: { seen: input.fail } }));

const recovering = trpc.procedure.use(async ({ next }) => {
  const result = await next();
  return result.ok ? result : next({ ctx: { failed: result.error.message } });
});
let calls = 0;

const router = trpc.router({
  recovering: recovering.query(({ ctx }) => {
    if (calls++ % 2 === 0) throw new TRPCError({ code: 'CONFLICT', message: 'first' });
    return ctx;
  }),
  plain: trpc.procedure.query(() => 'plain'),
  deep: withMiddlewares.query(({ ctx, input, path }) => {
    if (input.fail === 'error') throw new RangeError('broken');
    if (input.fail === 'trpc') throw new TRPCError({ code: 'CONFLICT', message: 'taken' });
    return { input, path, requestId: ctx.requestId, seen: ctx.seen };
  }),
});

const ctx = { requestId: 'r' } as Context;

const outcomeOf = async (call: Promise<unknown>) => {
  try {
    return { data: await call };
  } catch (error) {
    // tRPC wraps errors that are not its own; the funnel unwraps them, so the cause is compared.
    const thrown = error instanceof TRPCError && error.cause instanceof RangeError ? error.cause : error;
    return { name: (thrown as Error).name, message: (thrown as Error).message };
  }
};

test.each([
  ['plain', undefined],
  ['recovering', undefined],
  ['deep', { fail: 'no' }],
  ['deep', { fail: 'error' }],
  ['deep', { fail: 'trpc' }],
  ['deep', { fail: 'unknown' }],
  ['deep', undefined],
] as const)('callProcedure and tRPC have the same outcome for the procedure %s with %j', async (path, input) => {
  const { signal } = new AbortController();
  const own = callProcedure(router[path] as unknown as Procedure, {
    ctx,
    input,
    path,
    type: 'query',
    signal: () => signal,
  });
  const caller = router.createCaller(ctx) as unknown as Record<string, (input: unknown) => Promise<unknown>>;
  expect(await outcomeOf(own)).toEqual(
    await outcomeOf(caller[path]?.(input) ?? Promise.reject(new Error('no procedure'))),
  );
});
