// What the API server answers, as an error of the table. The bodies are those that a real one sent.
import { ApiException } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import {
  isExpired,
  isLostRace,
  isRefused,
  toClusterError,
} from '../../../src/services/kubernetes/connection/api-error.ts';
import { fieldPath } from '../../../src/services/kubernetes/connection/field-path.ts';

const answer = (code: number, status: object | string | undefined, headers: Record<string, string> = {}) =>
  new ApiException(
    code,
    'https://10.0.0.1:6443',
    typeof status === 'object' ? JSON.stringify(status) : status,
    headers,
  );

const invalid = {
  reason: 'Invalid',
  message:
    'Pool.sandbox.opensandbox.io "a" is invalid: spec.capacitySpec.bufferMin: Invalid value: must not be greater than bufferMax',
  details: {
    name: 'a',
    kind: 'Pool',
    causes: [{ message: 'Invalid value: must not be greater than bufferMax', field: 'spec.capacitySpec.bufferMin' }],
  },
};

test.each([400, 413, 422, 403])('a %s to a read is nothing that its caller could mend', (code) => {
  expect(toClusterError(answer(code, '<html>no</html>'), 'list').code).toBe('KUBERNETES::POOL_API_ERROR');
});

describe('codes', () => {
  test.each([
    ['a schema', 422, invalid, 'KUBERNETES::REJECTED'],
    ['a body that is too large', 413, { reason: 'RequestEntityTooLarge' }, 'KUBERNETES::REJECTED'],
    ['etcd’s limit', 500, { message: 'etcdserver: request is too large' }, 'KUBERNETES::REJECTED'],
    [
      'a webhook with a code of its own',
      418,
      { message: 'admission webhook "x.y" denied the request: no' },
      'KUBERNETES::REJECTED',
    ],
    [
      'a missing right',
      403,
      { reason: 'Forbidden', message: 'pools is forbidden: User "u" cannot list resource "pools"' },
      'KUBERNETES::FORBIDDEN',
    ],
    [
      'a quota',
      403,
      { reason: 'Forbidden', message: 'pools "a" is forbidden: exceeded quota: few' },
      'KUBERNETES::REJECTED',
    ],
    ['refused credentials', 401, undefined, 'KUBERNETES::UNAVAILABLE'],
    [
      'a pool that is not there',
      404,
      { reason: 'NotFound', details: { name: 'a', kind: 'pools' } },
      'KUBERNETES::POOL_NOT_FOUND',
    ],
    [
      'a namespace that is not there',
      404,
      { reason: 'NotFound', details: { name: 'n', kind: 'namespaces' } },
      'KUBERNETES::NAMESPACE_NOT_FOUND',
    ],
    ['an API that is not there', 404, '404 page not found\n', 'KUBERNETES::CRD_NOT_INSTALLED'],
    [
      'a name that is taken',
      409,
      { reason: 'AlreadyExists', details: { name: 'a', kind: 'pools' } },
      'KUBERNETES::POOL_ALREADY_EXISTS',
    ],
    ['a conflict', 409, { reason: 'Conflict' }, 'KUBERNETES::UNAVAILABLE'],
    ['too many calls', 429, { reason: 'TooManyRequests' }, 'KUBERNETES::THROTTLED'],
    [
      'a failure',
      500,
      { reason: 'InternalError', message: 'failed calling webhook: Post "https://svc.ns.svc"' },
      'KUBERNETES::POOL_API_ERROR',
    ],
    ['a gateway', 502, '<html>', 'KUBERNETES::UNAVAILABLE'],
    ['a server that starts', 503, { reason: 'ServiceUnavailable' }, 'KUBERNETES::UNAVAILABLE'],
    ['a call that took too long', 504, { reason: 'Timeout' }, 'KUBERNETES::TIMEOUT'],
    ['anything else', 418, 'teapot', 'KUBERNETES::POOL_API_ERROR'],
  ])('%s', (_what, code, status, expected) => {
    const error = toClusterError(answer(code, status), 'patch');
    expect(error.code).toBe(expected);
    expect(error.message).not.toMatch(/10\.0\.0\.1|svc|<html>/);
    expect(error.message).not.toBe('');
  });

  test.each([
    [
      'no connection',
      Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error('connect 10.0.0.1'), { code: 'ECONNREFUSED' }),
      }),
      'KUBERNETES::UNAVAILABLE',
    ],
    ['a proxy that refuses', new Error('Proxy response (407) !== 200 when HTTP Tunneling'), 'KUBERNETES::UNAVAILABLE'],
    ['a deadline', new DOMException('', 'TimeoutError'), 'KUBERNETES::TIMEOUT'],
  ])('%s', (_what, thrown, expected) => {
    const error = toClusterError(thrown, 'list');
    expect(error).toMatchObject({ code: expected, cause: thrown });
    expect(error.message).not.toMatch(/10\.0\.0\.1|aws/);
  });
});

test('what a credential plugin says is kept from callers and from the log', () => {
  for (const thrown of [
    new Error('exec: token=SECRET'),
    new TypeError('Headers.append: "Bearer SECRET" is invalid'),
    Object.assign(new Error('no /home/SECRET'), { code: 'ENOENT' }),
  ]) {
    const error = toClusterError(thrown, 'create');
    expect(error).toMatchObject({ code: 'KUBERNETES::UNAVAILABLE', cause: undefined });
    expect(error.message).not.toMatch(/SECRET|carried out/);
  }
});

test('a write that may have been carried out says so, a read does not', () => {
  expect(toClusterError(answer(503, undefined), 'patch').message).toContain('may have been carried out');
  expect(toClusterError(answer(503, undefined), 'list').message).not.toContain('carried out');
});

test('Retry-After is kept', () => {
  expect(toClusterError(answer(429, {}, { 'retry-after': '7' }), 'list').retryAfterSeconds).toBe(7);
});

test('causes are violations in the request’s terms, with the API server’s own words', () => {
  const { violations, message } = toClusterError(answer(422, invalid), 'create');
  expect(violations).toEqual([
    { path: ['capacitySpec', 'bufferMin'], message: 'Invalid value: must not be greater than bufferMax' },
  ]);
  expect(message).toBe(invalid.message);
});

test('unknown members are named, without the object that the API server shows before them', () => {
  const message =
    ' "" is invalid: patch: Invalid value: "{\\"managedFields\\":[]}": strict decoding error: unknown field "spec.scaleStrategy"';
  const error = toClusterError(
    answer(422, { reason: 'Invalid', message, details: { causes: [{ field: 'patch', message }] } }),
    'patch',
  );
  expect(error.message).toBe('strict decoding error: unknown field "spec.scaleStrategy"');
  expect(error.violations).toMatchObject([{ path: ['scaleStrategy'] }]);
});

describe('what an error stands for', () => {
  const failedTest = {
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  };
  test.each([
    ['a failed test of a patch', answer(422, failedTest), { lost: true, expired: false, refused: false }],
    ['a conflict', answer(409, { reason: 'Conflict' }), { lost: true, expired: false, refused: false }],
    ['a name that is taken', answer(409, { reason: 'AlreadyExists' }), { lost: false, expired: false, refused: false }],
    ['a refusal by the schema', answer(422, invalid), { lost: false, expired: false, refused: false }],
    [
      'a denial with 422',
      answer(422, { reason: 'Invalid', message: 'admission webhook "x" denied the request: no' }),
      { lost: false, expired: false, refused: false },
    ],
    ['a version that is too old', answer(410, { reason: 'Expired' }), { lost: false, expired: true, refused: false }],
    ['a missing right', answer(403, {}), { lost: false, expired: false, refused: true }],
    ['refused credentials', answer(401, undefined), { lost: false, expired: false, refused: true }],
  ])('%s', (_what, thrown, expected) => {
    const error = toClusterError(thrown, 'patch');
    expect({ lost: isLostRace(error), expired: isExpired(error), refused: isRefused(error) }).toEqual(expected);
  });
});

test.each([
  ['spec.template.spec.containers[0].image', ['template', 'spec', 'containers', 0, 'image']],
  ['metadata.labels', ['labels']],
  ['metadata.annotations[a.b/c]', ['annotations', 'a.b/c']],
  ['<nil>', []],
  ['', []],
])('the field %s', (field, path) => {
  expect(fieldPath(field)).toEqual(path);
});
