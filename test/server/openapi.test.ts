// The OpenAPI document, and what must agree with it.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ERRORS, ERROR_CODES } from '../../src/contract/errors.ts';
import { appRouter } from '../../src/router/app-router.ts';
import { createDocument } from '../../src/server/openapi/document.ts';
import { readRoutes } from '../../src/server/rest/route.ts';
import { VERSION } from '../../src/server/version.ts';
import { startTestServer } from '../support/test-server.ts';

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const document = createDocument(VERSION, appRouter);

test('the committed document is the one that the router gives (npm run generate)', () => {
  expect(read('openapi.generated.json')).toBe(`${JSON.stringify(document, null, 2)}\n`);
});

test('the server answers it at /openapi.json, without a key', async () => {
  const { call } = await startTestServer();
  expect((await call('GET', '/openapi.json', { key: null })).body).toEqual(JSON.parse(JSON.stringify(document)));
});

describe('every operation', () => {
  test.each(readRoutes(appRouter).map((route) => [route.operation, route] as const))(
    '%s declares each of its codes',
    (_name, route) => {
      const path = document.paths?.[route.path.replaceAll(/:(\w+)/g, '{$1}')];
      const responses = path?.[route.method.toLowerCase() as 'get']?.responses as Record<
        string,
        { description: string }
      >;
      for (const code of route.meta.errors)
        expect(responses[ERRORS[code].status]?.description).toContain(`\`${code}\``);
      expect(responses[route.meta.success]).toBeDefined();
    },
  );

  test('that takes a body names its schema, and takes call options from the query', () => {
    const post = document.paths?.['/pools']?.post;
    expect(post?.requestBody).toMatchObject({
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/CreatePool' } } },
    });
    expect(post?.parameters).toMatchObject([
      { in: 'query', name: 'view' },
      { in: 'query', name: 'dryRun' },
      { in: 'header', name: 'Idempotency-Key' },
    ]);
    expect(JSON.stringify(document.components?.schemas?.CreatePool)).not.toContain('"view"');
  });
});

describe('docs/errors.md', () => {
  const rows = [...read('docs/errors.md').matchAll(/^\| `([A-Z_:]+)`\s*\| (\d+)\s*\| (yes|no)\s*\|/gm)].map(
    ([, code, status, retry]) => ({
      code,
      status: Number(status),
      isRetryable: retry === 'yes',
    }),
  );

  test('has exactly the rows of the error table', () => {
    expect(rows).toEqual(
      ERROR_CODES.map((code) => ({ code, status: ERRORS[code].status, isRetryable: ERRORS[code].isRetryable })),
    );
  });
});
