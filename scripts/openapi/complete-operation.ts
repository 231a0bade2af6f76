// Completes one operation of the generated document: success status, body, call options, errors, response headers.
import type { OpenAPIObject } from 'trpc-to-openapi';
import type { z } from 'zod';
import { CALL_OPTIONS, isCallOption } from '../../src/contract/call-options.ts';
import type { Route } from '../../src/server/rest/route.ts';
import { AGE, errorResponses, IF_NONE_MATCH, LOCATION, REPLAYED, REQUEST_ID, versionHeaders } from './responses.ts';
import { refTo } from './schemas.ts';

type Operation = NonNullable<NonNullable<OpenAPIObject['paths']>[string]['get']>;
type Parameter = Extract<NonNullable<Operation['parameters']>[number], { in: string }>;
type Schema = NonNullable<Parameter['schema']>;

/** The document's operation of a route. */
export const operationOf = (document: OpenAPIObject, { method, path, operation }: Route): Operation => {
  const item = document.paths?.[path.replaceAll(/:(\w+)/g, '{$1}')];
  const found = item?.[method.toLowerCase() as 'get'];
  if (found === undefined) throw new Error(`The generated document lacks ${operation}.`);
  return found;
};

/** Changes the generated operation in place. */
export const completeOperation = (operation: Operation, route: Route): void => {
  const isConditional = route.type === 'query' && route.meta.etag !== undefined;
  operation.parameters = [
    ...pathParameters(operation),
    ...optionParameters(operation),
    ...(isConditional ? [IF_NONE_MATCH] : []),
  ];
  if (operation.parameters.length === 0) delete operation.parameters;
  if (route.meta.body) operation.requestBody = requestBody(route);
  operation.responses = { ...successResponses(operation, route), ...errorResponses(route.meta.errors) };
};

const parametersOf = (operation: Operation): Parameter[] =>
  (operation.parameters ?? []).filter((parameter): parameter is Parameter => 'in' in parameter);

const pathParameters = (operation: Operation) => parametersOf(operation).filter((parameter) => parameter.in === 'path');

/** The generator places the schemas of call options among the query parameters or the fields of the body. */
const generatedSchemas = (operation: Operation): Readonly<Record<string, Schema>> => {
  const { requestBody: body } = operation;
  const content = body && 'content' in body ? Object.values(body.content)[0]?.schema : undefined;
  const fields = content && 'properties' in content ? content.properties : {};
  const query = parametersOf(operation).flatMap(({ name, schema }) => (schema ? [[name, schema] as const] : []));
  return { ...fields, ...Object.fromEntries(query) };
};

const optionParameters = (operation: Operation): Parameter[] =>
  Object.entries(generatedSchemas(operation)).flatMap(([field, schema]) => {
    if (!isCallOption(field)) return [];
    const { in: place, name, description } = CALL_OPTIONS[field];
    return [{ in: place, name, description, schema, required: false }];
  });

const requestBody = ({ meta: { mediaTypes = ['application/json'], body, isBodyOptional = false } }: Route) => ({
  required: !isBodyOptional,
  // Zod leaves out the examples of schemas that transform their input.
  content: Object.fromEntries(mediaTypes.map((type) => [type, { schema: refTo(body), example: exampleOf(body) }])),
});

const exampleOf = (schema: z.ZodType | undefined) => schema?.meta()?.examples?.[0];

const successResponses = (operation: Operation, { meta, type, query }: Route): Operation['responses'] => {
  const { success, location } = meta;
  const isVersioned = meta.etag !== undefined;
  const generated = operation.responses?.['200'] as { content?: object } | undefined;
  const headers = {
    ...REQUEST_ID,
    ...(type === 'query' && AGE),
    ...(isVersioned && versionHeaders(type === 'query' || success === 201)),
    ...(location !== undefined && { ...LOCATION, ...REPLAYED }),
  };
  const content = { content: generated?.content };
  const description = { 200: 'Success.', 201: 'Created.', 204: 'Success; the response has no body.' }[success];
  return {
    ...(query.has('dryRun') &&
      success !== 200 && { 200: { description: 'Result of a dry run.', headers: REQUEST_ID, ...content } }),
    [success]: { description, headers, ...(success !== 204 && content) },
    ...(isVersioned &&
      type === 'query' && { 304: { description: 'Not modified: the current ETag is in `If-None-Match`.', headers } }),
  };
};
