// Calls a tRPC procedure for REST: runs its middlewares in order; the input parser and the resolver are the last two.
// tRPC's own loop copies its options field by field through a transpiled helper, which costs a sixth of a GET (docs/adr/0001).
// test/server/rest/call-procedure.test.ts compares the two.
import type { Context, Meta } from '../../router/trpc.ts';
import type { Changeable, MiddlewareOptions, MiddlewareResult, Procedure } from '../../router/procedures.ts';

type ProcedureCall = Pick<MiddlewareOptions, 'ctx' | 'path' | 'type' | 'input'> & {
  /** Called only by procedures that read their signal: most do not, and an AbortController costs time. */
  readonly signal: () => AbortSignal;
};

/** What the procedure returns for the input. Rejects with what it throws. */
export const callProcedure = async ({ _def }: Procedure, call: ProcedureCall): Promise<unknown> => {
  const getRawInput = () => Promise.resolve(call.input);
  const result = await run({ _def, call }, 0, { ctx: call.ctx, input: undefined, getRawInput });
  if (!result.ok) throw result.error;
  return result.data;
};

type Running = { readonly _def: Procedure['_def']; readonly call: ProcedureCall };

/** A class for its getter: V8 gives every object literal with a getter its own hidden class. */
class Options implements MiddlewareOptions {
  readonly ctx: Context;
  readonly path: string;
  readonly type: 'query' | 'mutation';
  readonly meta: Meta | undefined;
  readonly input: unknown;
  readonly getRawInput: () => Promise<unknown>;
  readonly next: MiddlewareOptions['next'];
  readonly #call: ProcedureCall;

  constructor({ _def, call }: Running, { ctx, input, getRawInput }: Changeable, next: MiddlewareOptions['next']) {
    this.ctx = ctx;
    this.path = call.path;
    this.type = call.type;
    this.meta = _def.meta;
    this.input = input;
    this.getRawInput = getRawInput;
    this.next = next;
    this.#call = call;
  }

  get signal(): AbortSignal {
    return this.#call.signal();
  }
}

/** Never rejects: what a middleware throws is a result, which the previous one may inspect. */
const run = async (running: Running, index: number, given: Changeable): Promise<MiddlewareResult> => {
  try {
    const middleware = running._def.middlewares[index];
    if (middleware === undefined) throw new Error('The last middleware of a procedure is its resolver.');
    const next: MiddlewareOptions['next'] = (changes) =>
      run(running, index + 1, changes === undefined ? given : merge(given, changes));
    return await middleware(new Options(running, given, next));
  } catch (error) {
    return { ok: false, error };
  }
};

const merge = (given: Changeable, changes: Partial<Changeable>): Changeable => ({
  ...given,
  ...changes,
  ctx: changes.ctx === undefined ? given.ctx : { ...given.ctx, ...changes.ctx },
});
