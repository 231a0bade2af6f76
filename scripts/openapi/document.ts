// The OpenAPI document: operations from the router by trpc-to-openapi, schemas from the contract by zod.
import type { AnyRouter } from '@trpc/server';
import { generateOpenApiDocument } from 'trpc-to-openapi';
import { z } from 'zod';
import { API_KEY_HEADER } from '../../src/contract/limits.ts';
import { readRoutes, type Route } from '../../src/server/rest/route.ts';
import { completeOperation, operationOf } from './complete-operation.ts';
import { operationalPaths } from './operational-paths.ts';
import { componentSchemas, simplify } from './schemas.ts';
import { streamPath } from './stream-path.ts';

const DESCRIPTION = `Keeps pools of sandboxes that are started ahead of time, and explains why each pool has the size it has.

The routes under \`/v1/pools\` are also available at the root (\`/pools\`), for clients of OpenSandbox.
Every error response has the same shape, with a machine-readable \`code\`.

Requests must not contain unknown fields, except inside \`template\`. New versions may add fields to responses, and values to enums.`;

const OPERATION = {
  name: 'operation',
  description: 'Health, readiness, metrics and this document. Served at the root only.',
};

/** @param version Version of Warmpool. */
export const createDocument = (version: string, router: AnyRouter) => {
  const routes = readRoutes(router);
  const document = generateOpenApiDocument(toProcedures(router, routes), {
    title: 'Warmpool',
    description: DESCRIPTION,
    version,
    contact: { name: 'The Warmpool maintainers' },
    license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    baseUrl: '/',
    openApiVersion: '3.1.0',
    securitySchemes: {
      apiKey: {
        type: 'apiKey',
        in: 'header',
        name: API_KEY_HEADER,
        description: 'API key of the server. At start, the server logs where to find it.',
      },
    },
  });
  for (const route of routes) completeOperation(operationOf(document, route), route);
  const operations = Object.entries(document.paths ?? {}).map(([path, item]) => [`/v1${path}`, item] as const);
  const paths = { ...Object.fromEntries(operations), ...streamPath, ...operationalPaths };
  return simplify({
    ...document,
    tags: [...new Map(routes.map(({ meta: { tag } }) => [tag.name, tag])).values(), OPERATION],
    paths,
    components: { ...document.components, schemas: componentSchemas(paths) },
  });
};

/**
 * One procedure for each route. The generator looks for the schema of an output where tRPC keeps those that run on every
 * output.
 */
const toProcedures = (router: AnyRouter, routes: readonly Route[]): AnyRouter => ({
  ...router,
  _def: {
    ...router._def,
    procedures: Object.fromEntries(
      routes.map((route) => {
        const { openapi, procedure, meta } = route;
        const _def = { ...procedure._def, meta: { openapi }, inputs: [inputOf(route)], output: meta.output };
        return [`${route.operation} ${openapi.path}`, { _def }] as const;
      }),
    ),
  },
});

/** The generator refuses path parameters that are optional fields, which the input of an operation with two routes has. */
const inputOf = ({ input, pathParameters }: Route): z.ZodType => {
  const object = input instanceof z.ZodOptional ? input.unwrap() : input;
  if (!(object instanceof z.ZodObject)) return input;
  const optional = pathParameters.flatMap((name) => {
    const field: unknown = object.shape[name];
    return field instanceof z.ZodOptional ? [[name, field.unwrap() as z.ZodType] as const] : [];
  });
  return optional.length === 0 ? input : object.extend(Object.fromEntries(optional));
};
