// The check that every response of a test server passes: what it rejects.
import { expect, test } from 'vitest';
import { expectDocumented } from './documented-response.ts';

const answer = (status: number, body: object, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers({ 'X-Request-ID': 'r-1', ...headers }),
  text: JSON.stringify(body),
  body,
});

const VERSIONED = { ETag: '"x"', 'Cache-Control': 'private, no-cache' };
const error = (code: string) => ({ code, message: 'Why.', requestId: 'r-1' });

test('A documented response passes the check, at the root and under /v1', () => {
  for (const route of ['/pools', '/v1/pools?limit=2'])
    expectDocumented('GET', route, answer(200, { items: [] }, VERSIONED));
  expectDocumented('GET', '/pools/a', answer(404, error('KUBERNETES::POOL_NOT_FOUND')));
});

test.each([
  ['an undocumented status', '/pools', answer(418, error('INTERNAL::ERROR'))],
  ['an undocumented field', '/pools', answer(200, { items: [], total: 0 }, VERSIONED)],
  ['an undocumented field of an error', '/nowhere', answer(404, { ...error('REQUEST::NOT_FOUND'), detail: '' })],
  ['a missing header', '/pools', answer(200, { items: [] }, { ETag: '"x"' })],
  ['an undocumented header', '/health', answer(200, { status: 'healthy' }, { ETag: '"x"' })],
  ['a code that the operation does not declare', '/pools', answer(409, error('POOL::IN_USE'))],
  ['a code under another status', '/pools/a', answer(404, error('REQUEST::NOT_FOUND'))],
  ['another request id in the body', '/pools', answer(500, { ...error('INTERNAL::ERROR'), requestId: 'r-2' })],
])('A response with %s is rejected', (_what, route, response) => {
  expect(() => {
    expectDocumented('GET', route, response);
  }).toThrow();
});
