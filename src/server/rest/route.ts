// What REST needs to know about each operation, read once from the router's procedures and their metadata.
import type { AnyRouter } from '@trpc/server';
import { z } from 'zod';
import { CALL_OPTIONS, isCallOption, type CallOption } from '../../contract/call-options.ts';
import { proceduresOf, type Procedure } from '../../router/procedures.ts';
import type { Meta, OperationMeta } from '../../router/trpc.ts';
import type { QueryParameters } from '../http/parameters.ts';

export type Route = {
  /** Path of the procedure, `pools.get`: the operation's name in logs and metrics. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path in Express' syntax. */
  readonly path: string;
  readonly pathParameters: readonly string[];
  readonly meta: OperationMeta;
  /** What the document says about this route. */
  readonly openapi: NonNullable<Meta['openapi']>;
  readonly type: 'query' | 'mutation';
  readonly procedure: Procedure;
  readonly input: z.ZodType;
  /** Call options of the operation: in the query, and by their header in lower case. */
  readonly query: QueryParameters;
  readonly headers: ReadonlyMap<string, CallOption>;
};

/** Every operation of the router that has OpenAPI metadata. */
export const readRoutes = (router: AnyRouter): Route[] =>
  Object.entries(proceduresOf(router)).flatMap(([operation, procedure]) => {
    const { meta, type, inputs } = procedure._def;
    if (meta?.openapi === undefined || type === 'subscription') return [];
    const input = inputs[0];
    if (!(input instanceof z.ZodType)) throw new Error(`${operation} has no zod input.`);
    const options = inputFields(input).filter(isCallOption);
    return routesOf(meta.openapi, meta.operation).map(({ openapi, meta }) => ({
      operation,
      openapi,
      method: openapi.method,
      path: openapi.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      pathParameters: [...openapi.path.matchAll(/\{(\w+)\}/g)].flatMap(([, parameter]) => parameter ?? []),
      meta,
      type,
      procedure,
      input,
      query: new Map(optionsIn('query', options).map((field) => [field, CALL_OPTIONS[field].type])),
      headers: new Map(optionsIn('header', options).map((field) => [CALL_OPTIONS[field].name.toLowerCase(), field])),
    }));
  });

/** The route of an operation, and its second one. */
const routesOf = (openapi: Route['openapi'], meta: OperationMeta): Pick<Route, 'openapi' | 'meta'>[] => {
  if (meta.alsoAt === undefined) return [{ openapi, meta }];
  const { errors, ...documented } = meta.alsoAt;
  const second = { ...meta, errors: [...meta.errors, ...errors] };
  return [
    { openapi, meta },
    { openapi: { ...openapi, ...documented }, meta: second },
  ];
};

const optionsIn = (place: 'query' | 'header', options: readonly CallOption[]) =>
  options.filter((option) => CALL_OPTIONS[option].in === place);

const inputFields = (schema: unknown): string[] => {
  if (schema instanceof z.ZodOptional) return inputFields(schema.unwrap());
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
};
