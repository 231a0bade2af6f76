// Checks a response against the OpenAPI document: status, error code, headers, and a body without undocumented fields.
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import { REQUEST_ID_HEADER } from '../../src/contract/limits.ts';
import type { Answer } from './test-server.ts';

type Response = {
  headers?: Record<string, { required?: boolean }>;
  content?: Record<string, { schema: object; examples?: Record<string, { value: { code: string } }> }>;
};
type Document = {
  paths: Record<string, Record<string, { responses: Record<string, Response> }>>;
  components: object;
};

/** Responses are open in the document, so that fields can be added. Here an undocumented field is an error. */
const closeObject = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'properties' in value && 'type' in value
    ? { additionalProperties: false, ...value }
    : value;

const text = readFileSync(new URL('../../openapi.generated.json', import.meta.url), 'utf8');
const document = JSON.parse(text.replaceAll('"#/', '"document#/'), closeObject) as Document;

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'document', components: document.components });

const validators = new Map<object, ValidateFunction>();
const validatorOf = (schema: object) => {
  const validate = validators.get(schema) ?? ajv.compile(schema);
  validators.set(schema, validate);
  return validate;
};

/** Fails unless the value matches the schema and has no field that the schema lacks. */
const expectSchema = (schema: object, value: unknown): void => {
  const validate = validatorOf(schema);
  expect(validate(value), ajv.errorsText(validate.errors)).toBe(true);
};

const API_ERROR = { $ref: 'document#/components/schemas/ApiError' };

const paths = Object.keys(document.paths).map(
  (path) => [path, new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)] as const,
);

/** Routes that are served without /v1, too. */
const AT_ROOT = /^\/pools(\/[^/]+(\/members|\/decisions)?)?$/;

/** The documented operation of a request; undefined if the document has none. */
const operationOf = (method: string, route: string) => {
  const [path = ''] = route.split('?');
  const [template = ''] = paths.find(([, pattern]) => pattern.test(AT_ROOT.test(path) ? `/v1${path}` : path)) ?? [];
  return document.paths[template]?.[method === 'HEAD' ? 'get' : method.toLowerCase()];
};

/** Headers that the document may declare; all others come from HTTP itself, or from CORS. */
const DECLARED_HEADERS = new Set(
  Object.values(document.paths)
    .flatMap((item) => Object.values(item))
    .flatMap(({ responses }) => Object.values(responses))
    .flatMap(({ headers }) => Object.keys(headers ?? {}).map((name) => name.toLowerCase())),
);

const expectHeaders = (declared: NonNullable<Response['headers']>, sent: Headers, what: string): void => {
  const names = Object.keys(declared).map((name) => name.toLowerCase());
  for (const [name, { required }] of Object.entries(declared))
    if (required === true) expect(sent.has(name), `${what} lacks the header ${name}`).toBe(true);
  for (const name of sent.keys())
    if (DECLARED_HEADERS.has(name)) expect(names, `${what} has an undocumented header`).toContain(name);
};

export const expectDocumented = (method: string, route: string, answer: Answer): void => {
  expect(answer.headers.get(REQUEST_ID_HEADER), 'every response has a request id').toMatch(/^[\x21-\x7e]{1,128}$/);
  if (route.startsWith('/trpc') || route.startsWith('/docs')) return;
  const code = (answer.body as { code?: string } | undefined)?.code;
  if (answer.status >= 400 && method !== 'HEAD') {
    expectSchema(API_ERROR, answer.body);
    expect(answer.body).toHaveProperty('requestId', answer.headers.get(REQUEST_ID_HEADER));
  }
  const operation = operationOf(method, route);
  if (operation === undefined) return;
  const what = `${method} ${route} ${answer.status}`;
  const response = operation.responses[answer.status];
  expect(response, `${what} is not documented`).toBeDefined();
  expectHeaders(response?.headers ?? {}, answer.headers, what);
  const content = response?.content?.['application/json'];
  if (content === undefined || method === 'HEAD') return;
  expectSchema(content.schema, answer.body);
  if (answer.status < 400) return;
  const codes = Object.values(content.examples ?? {}).map(({ value }) => value.code);
  expect(codes, `${what} has an undocumented code`).toContain(code);
};
