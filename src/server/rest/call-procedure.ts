// Calls a tRPC procedure for REST: its middlewares one after the other, the input parser and the resolver being the last two.
// tRPC's own loop copies its options field by field through a transpiled helper, which costs a sixth of a GET (docs/adr/0001).
// test/server/rest/call-procedure.test.ts holds the two together.
import type { MiddlewareOptions, MiddlewareResult, Procedure } from '../../router/procedures.ts';

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
/** What a middleware may change for the next one. */
type Changeable = Pick<MiddlewareOptions, 'ctx' | 'input' | 'getRawInput'>;

/** Never rejects: what a middleware throws is a result, which the one before it may look at. */
const run = async (running: Running, index: number, given: Changeable): Promise<MiddlewareResult> => {
  const { _def, call } = running;
  try {
    const middleware = _def.middlewares[index];
    if (middleware === undefined) throw new Error('The last middleware of a procedure is its resolver.');
    return await middleware({
      ...given,
      path: call.path,
      type: call.type,
      meta: _def.meta,
      get signal() {
        return call.signal();
      },
      next: (changes) => run(running, index + 1, changes === undefined ? given : merge(given, changes)),
    });
  } catch (error) {
    return { ok: false, error };
  }
};

const merge = (given: Changeable, changes: Partial<Changeable>): Changeable => ({
  ...given,
  ...changes,
  ctx: changes.ctx === undefined ? given.ctx : { ...given.ctx, ...changes.ctx },
});
