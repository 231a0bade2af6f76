// Calls a tRPC procedure for REST: its middlewares one after the other, the input parser and the resolver being the last two.
// tRPC's own loop copies its options property by property through a transpiled helper, which costs a sixth of a GET
// (docs/adr/0001). This one does the same with a native spread; test/server/rest/call-procedure.test.ts holds the two together.
import type { Context, Meta } from '../../router/trpc.ts';

/** What of a procedure is used here. tRPC has it under `_def`, which it does not promise to keep: the version is pinned. */
export type Procedure = {
  readonly _def: {
    readonly meta?: Meta;
    readonly type: 'query' | 'mutation' | 'subscription';
    readonly inputs: readonly unknown[];
    readonly middlewares: readonly Middleware[];
  };
};

type Call = {
  readonly ctx: Context;
  readonly path: string;
  readonly type: 'query' | 'mutation';
  readonly meta: Meta | undefined;
  readonly input?: unknown;
  readonly getRawInput: () => Promise<unknown>;
  readonly signal: undefined;
};

type Result = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly error: unknown };
type Middleware = (call: Call & { next: (more?: Partial<Call>) => Promise<Result> }) => Promise<Result>;

type ProcedureCall = Pick<Call, 'ctx' | 'path' | 'type'> & { readonly input: unknown };

/** What the procedure answers to the input. Rejects with what it throws. */
export const callProcedure = async ({ _def }: Procedure, { input, ...call }: ProcedureCall): Promise<unknown> => {
  const getRawInput = () => Promise.resolve(input);
  const result = await run(_def.middlewares, 0, { ...call, meta: _def.meta, getRawInput, signal: undefined });
  if (!result.ok) throw result.error;
  return result.data;
};

/** Never rejects: what a middleware throws is a result, which the one before it may look at. */
const run = async (middlewares: readonly Middleware[], index: number, call: Call): Promise<Result> => {
  try {
    const middleware = middlewares[index];
    if (middleware === undefined) throw new Error('The last middleware of a procedure is its resolver.');
    return await middleware({
      ...call,
      next: (more) =>
        run(
          middlewares,
          index + 1,
          more?.ctx === undefined ? { ...call, ...more } : { ...call, ...more, ctx: { ...call.ctx, ...more.ctx } },
        ),
    });
  } catch (error) {
    return { ok: false, error };
  }
};
