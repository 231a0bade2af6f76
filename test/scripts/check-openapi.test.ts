// What `npm run check:openapi` rejects, one example of each kind.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findProblems } from '../../scripts/openapi/check.ts';

const schema = (properties: object) => ({ components: { schemas: { Pool: { type: 'object', properties } } } });

test.each([
  ['servers on a path', { paths: { '/health': { servers: [{ url: '/' }] } } }, '#/paths//health'],
  ['servers on an operation', { paths: { '/health': { get: { servers: [{ url: '/' }] } } } }, '#/paths//health/get'],
  [
    'pattern together with format',
    schema({ createdAt: { type: 'string', format: 'date-time', pattern: 'Z$' } }),
    '#/components/schemas/Pool/properties/createdAt',
  ],
  [
    'anyOf without null',
    schema({ limit: { anyOf: [{ type: 'integer' }, { type: 'string' }] } }),
    '#/components/schemas/Pool/properties/limit',
  ],
  ['inline enum', schema({ phase: { enum: ['ready'] } }), '#/components/schemas/Pool/properties/phase'],
  ['inline object', schema({ status: { type: 'object' } }), '#/components/schemas/Pool/properties/status'],
])('The problem "%s" is reported with its place', (problem, document, place) => {
  const found = findProblems(document);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`${place}: ${problem.replace('an operation', 'a path')}`);
});

test('anyOf with null, named enums, named objects and examples are not problems', () => {
  const document = schema({
    labels: { anyOf: [{ $ref: '#/components/schemas/Pool' }, { type: 'null' }], examples: [{ type: 'object' }] },
  });
  expect(findProblems({ ...document, examples: { type: 'object' } })).toEqual([]);
});

test('The committed OpenAPI document has no problems', () => {
  const file = new URL('../../openapi.generated.json', import.meta.url);
  expect(findProblems(JSON.parse(readFileSync(file, 'utf8')))).toEqual([]);
});
