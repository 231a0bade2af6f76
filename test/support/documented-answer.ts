// Checks an answer against the OpenAPI document: status, headers, body.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import { ErrorBody } from '../../src/contract/errors.ts';
import { REQUEST_ID_HEADER } from '../../src/contract/limits.ts';
import type { Answer } from './test-server.ts';

type Response = { headers?: object; content?: Record<string, { schema: object }> };
type Document = {
  paths: Record<string, Record<string, { responses: Record<string, Response> }>>;
  components: object;
};

const document = JSON.parse(readFileSync(new URL('../../openapi.generated.json', import.meta.url), 'utf8')) as Document;

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'document', components: document.components });

/** The documented operation of a request; undefined where the document has none. */
const operationOf = (method: string, route: string) => {
  const [path = ''] = route.replace(/^\/v1(?=\/pools)/, '').split('?');
  const template = Object.keys(document.paths).find((candidate) =>
    new RegExp(`^${candidate.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  return template === undefined ? undefined : document.paths[template]?.[verb];
};

export const expectDocumented = (method: string, route: string, answer: Answer): void => {
  expect(answer.headers.get(REQUEST_ID_HEADER), 'every answer has a request id').toMatch(/^[\x21-\x7e]{1,128}$/);
  if (route.startsWith('/trpc') || route.startsWith('/docs')) return;
  if (answer.status >= 400 && method !== 'HEAD') {
    const body = ErrorBody.parse(answer.body);
    expect(body.requestId).toBe(answer.headers.get(REQUEST_ID_HEADER));
  }
  const operation = operationOf(method, route);
  if (operation === undefined) return;
  const response = operation.responses[answer.status];
  expect(response, `${method} ${route} answers ${answer.status}, which the document lacks`).toBeDefined();
  const schema = response?.content?.['application/json']?.schema;
  if (schema === undefined || method === 'HEAD') return;
  const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as object);
  expect(validate(answer.body), ajv.errorsText(validate.errors)).toBe(true);
};
