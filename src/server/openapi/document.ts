// The OpenAPI document: generated from the router by trpc-to-openapi, completed where its generator cannot say it.
import { generateOpenApiDocument, type OpenAPIObject } from 'trpc-to-openapi';
import { API_KEY_HEADER } from '../../contract/limits.ts';
import { CreatePool, PatchPool, UpdatePool } from '../../contract/pool.ts';
import { ErrorBody } from '../../contract/errors.ts';
import { appRouter } from '../../router/app-router.ts';
import { readRoutes } from '../rest/route.ts';
import { completeOperation, operationOf } from './complete-operation.ts';
import { operationalPaths } from './operational-paths.ts';
import { streamPath } from './stream-path.ts';

const DESCRIPTION = `Keeps pools of sandboxes started ahead of time, and says why each pool has the size it has.
The routes of pools are served at the root as well. Errors have one shape and a code that programs can match on.`;

const TAGS = [
  { name: 'pools', description: 'Pools, their members, and the decisions about them.' },
  { name: 'operation', description: 'For those who run the server. At the root only.' },
];

/** @param version Version of Warmpool. */
export const createDocument = (version: string): OpenAPIObject => {
  const document = generateOpenApiDocument(appRouter, {
    title: 'Warmpool',
    description: DESCRIPTION,
    version,
    license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    baseUrl: '/v1',
    openApiVersion: '3.1.0',
    securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: API_KEY_HEADER } },
    paths: { ...operationalPaths, ...streamPath },
    defs: { CreatePool, UpdatePool, PatchPool, Error: ErrorBody },
  });
  for (const route of readRoutes(appRouter)) completeOperation(operationOf(document, route), route);
  return { ...document, tags: TAGS, components: withoutGeneratedErrors(document.components) };
};

/** The generator's own error schemas, which no operation uses any more. */
const withoutGeneratedErrors = ({ schemas, ...rest }: NonNullable<OpenAPIObject['components']> = {}) => ({
  ...rest,
  schemas: Object.fromEntries(Object.entries(schemas ?? {}).filter(([name]) => !name.startsWith('error.'))),
});
