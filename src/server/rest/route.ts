// What REST needs to know of each operation, read once from the router's procedures and their metadata.
import { z } from 'zod';
import { CALL_OPTIONS, isCallOption, type CallOption } from '../../contract/call-options.ts';
import type { AppRouter } from '../../router/app-router.ts';
import type { OperationMeta } from '../../router/trpc.ts';
import type { Procedure } from './call-procedure.ts';

/** The procedures by their dotted path: the router keeps them flat, its type has them nested. */
export const proceduresOf = (router: AppRouter) =>
  router._def.procedures as unknown as Readonly<Record<string, Procedure>>;

export type Route = {
  /** Path of the procedure, `pools.get`: the operation's name in logs and metrics. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path in Express' syntax. */
  readonly path: string;
  readonly pathParameters: readonly string[];
  readonly meta: OperationMeta;
  readonly type: 'query' | 'mutation';
  readonly procedure: Procedure;
  readonly input: z.ZodType;
  /** Call options of the operation, by their name in the query, and by their header in lower case. */
  readonly query: ReadonlyMap<string, CallOption>;
  readonly headers: ReadonlyMap<string, CallOption>;
};

/** Every operation of the router that has OpenAPI metadata. */
export const readRoutes = (router: AppRouter): Route[] =>
  Object.entries(proceduresOf(router)).flatMap(([operation, procedure]) => {
    const { meta, type, inputs } = procedure._def;
    if (meta?.openapi === undefined || type === 'subscription') return [];
    const input = inputs[0];
    if (!(input instanceof z.ZodType)) throw new Error(`${operation} has no zod input.`);
    const { method, path } = meta.openapi;
    const options = inputMembers(input).filter(isCallOption);
    return {
      operation,
      method,
      path: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      pathParameters: [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, parameter]) => parameter ?? []),
      meta: meta.operation,
      type,
      procedure,
      input,
      query: new Map(options.flatMap((option) => placeIn('query', option))),
      headers: new Map(options.flatMap((option) => placeIn('header', option))),
    };
  });

const placeIn = (place: 'query' | 'header', option: CallOption): [string, CallOption][] => {
  const { in: its, name } = CALL_OPTIONS[option];
  return its === place ? [[place === 'header' ? name.toLowerCase() : name, option]] : [];
};

const inputMembers = (schema: unknown): string[] => {
  if (schema instanceof z.ZodOptional) return inputMembers(schema.unwrap());
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
};
