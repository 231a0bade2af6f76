// The OpenAPI document: generated from the router by trpc-to-openapi, completed where its generator cannot say it.
import type { AnyRouter } from '@trpc/server';
import { generateOpenApiDocument, type OpenAPIObject } from 'trpc-to-openapi';
import { API_KEY_HEADER } from '../../contract/limits.ts';
import { ErrorBody } from '../../contract/errors.ts';
import { readRoutes, type Route } from '../rest/route.ts';
import { completeOperation, operationOf } from './complete-operation.ts';
import { operationalPaths } from './operational-paths.ts';
import { streamPath } from './stream-path.ts';

const DESCRIPTION = `Keeps pools of sandboxes started ahead of time, and says why each pool has the size it has.
The routes of pools are served at the root as well. Errors have one shape and a code that programs can match on.`;

const OPERATION_TAG = { name: 'operation', description: 'For those who run the server. At the root only.' };

/** @param version Version of Warmpool. */
export const createDocument = (version: string, router: AnyRouter): OpenAPIObject => {
  const routes = readRoutes(router);
  const document = generateOpenApiDocument(withOutputs(router, routes), {
    title: 'Warmpool',
    description: DESCRIPTION,
    version,
    license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    baseUrl: '/v1',
    openApiVersion: '3.1.0',
    securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: API_KEY_HEADER } },
    paths: { ...operationalPaths, ...streamPath },
    defs: { ...bodiesOf(routes), Error: ErrorBody },
  });
  for (const route of routes) completeOperation(operationOf(document, route), route);
  const tags = [...new Map(routes.map(({ meta: { tag } }) => [tag.name, tag])).values(), OPERATION_TAG];
  return { ...document, tags, components: withoutGeneratedErrors(document.components) };
};

/** The generator looks for the output where tRPC keeps a schema that runs on every output. */
const withOutputs = (router: AnyRouter, routes: readonly Route[]): AnyRouter => ({
  ...router,
  _def: {
    ...router._def,
    procedures: Object.fromEntries(
      routes.map(({ operation, procedure: { _def }, meta: { output } }) => [operation, { _def: { ..._def, output } }]),
    ),
  },
});

const bodiesOf = (routes: readonly Route[]) =>
  Object.fromEntries(routes.flatMap(({ meta: { body } }) => (body ? [[body.meta()?.id ?? '', body]] : [])));

/** The generator's own error schemas, which no operation uses any more. */
const withoutGeneratedErrors = ({ schemas, ...rest }: NonNullable<OpenAPIObject['components']> = {}) => ({
  ...rest,
  schemas: Object.fromEntries(Object.entries(schemas ?? {}).filter(([name]) => !name.startsWith('error.'))),
});
