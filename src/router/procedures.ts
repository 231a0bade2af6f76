// The procedures of a router, as tRPC keeps them under `_def`. It does not guarantee that, so its version is pinned.
import type { AnyRouter } from '@trpc/server';
import type { Context, Meta } from './trpc.ts';

export type Procedure = {
  readonly _def: {
    readonly meta?: Meta;
    readonly type: 'query' | 'mutation' | 'subscription';
    readonly inputs: readonly unknown[];
    /** The input parser and the resolver are the last two. */
    readonly middlewares: readonly Middleware[];
  };
};

/** What a procedure runs with. */
export type MiddlewareOptions = {
  readonly ctx: Context;
  readonly path: string;
  readonly type: 'query' | 'mutation';
  readonly meta: Meta | undefined;
  readonly input: unknown;
  readonly getRawInput: () => Promise<unknown>;
  /** Aborts when the client hangs up. */
  readonly signal: AbortSignal;
  readonly next: (changes?: Partial<Changeable>) => Promise<MiddlewareResult>;
};

/** What a middleware may change for the next one. */
export type Changeable = Pick<MiddlewareOptions, 'ctx' | 'input' | 'getRawInput'>;

export type MiddlewareResult =
  { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly error: unknown };

type Middleware = (options: MiddlewareOptions) => Promise<MiddlewareResult>;

/** By dotted path, `pools.get`. */
export const proceduresOf = (router: AnyRouter) => router._def.procedures as Readonly<Record<string, Procedure>>;
