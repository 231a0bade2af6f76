// The OpenAPI document, and what must agree with it.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createDocument } from '../../scripts/openapi/document.ts';
import { ERROR_DESCRIPTIONS } from '../../src/contract/error-descriptions.ts';
import { ERRORS, ERROR_CODES } from '../../src/contract/errors.ts';
import { appRouter } from '../../src/router/app-router.ts';
import { VERSION } from '../../src/server/version.ts';
import { startTestServer } from '../support/test-server.ts';

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

test('The committed OpenAPI document is the one that the generator writes (npm run generate)', () => {
  expect(read('openapi.generated.json')).toBe(`${JSON.stringify(createDocument(VERSION, appRouter), null, 2)}\n`);
});

test('The server serves the committed OpenAPI document at /openapi.json, without a key', async () => {
  const { call } = await startTestServer();
  const response = await call('GET', '/openapi.json', { key: null });
  expect(response.body).toEqual(JSON.parse(read('openapi.generated.json')));
});

describe('docs/errors.md', () => {
  const rows = [...read('docs/errors.md').matchAll(/^\| `([A-Z_:]+)`\s*\| (\d+)\s*\| (yes|no)\s*\| (.+?)\s*\|$/gm)].map(
    ([, code, status, retry, description]) => ({
      code,
      status: Number(status),
      isRetryable: retry === 'yes',
      description,
    }),
  );

  test('docs/errors.md has exactly the rows of the error table', () => {
    expect(rows).toEqual(ERROR_CODES.map((code) => ({ code, ...ERRORS[code], description: ERROR_DESCRIPTIONS[code] })));
  });
});
