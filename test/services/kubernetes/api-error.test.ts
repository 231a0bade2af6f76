// What the API server responds with, as an error of the table. The bodies are those that a real one sent.
import { ApiException } from '@kubernetes/client-node/dist/gen/apis/exception.js';
import { errors } from 'undici';
import { describe, expect, test } from 'vitest';
import {
  parseFieldPath,
  isExpired,
  isLostRace,
  isRefused,
  toClusterError,
  toCredentialError,
} from '../../../src/services/kubernetes/connection/api-error.ts';

const response = (code: number, status: object | string | undefined, headers: Record<string, string> = {}) =>
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

test.each([400, 413, 422, 403])(
  'A read that is refused with %s fails with POOL_API_ERROR, because its caller cannot fix it',
  (code) => {
    expect(toClusterError(response(code, '<html>no</html>'), 'list').code).toBe('KUBERNETES::POOL_API_ERROR');
  },
);

describe('The code of the error', () => {
  test.each([
    ['a rejection by the schema', 422, invalid, 'KUBERNETES::REJECTED'],
    ['a body that is too large', 413, { reason: 'RequestEntityTooLarge' }, 'KUBERNETES::REJECTED'],
    ['etcd’s limit', 500, { message: 'etcdserver: request is too large' }, 'KUBERNETES::REJECTED'],
    [
      'a webhook that denies with its own code',
      418,
      { message: 'admission webhook "x.y" denied the request: no' },
      'KUBERNETES::REJECTED',
    ],
    [
      'a missing permission',
      403,
      { reason: 'Forbidden', message: 'pools is forbidden: User "u" cannot list resource "pools"' },
      'KUBERNETES::FORBIDDEN',
    ],
    [
      'an exceeded quota',
      403,
      { reason: 'Forbidden', message: 'pools "a" is forbidden: exceeded quota: few' },
      'KUBERNETES::REJECTED',
    ],
    ['rejected credentials', 401, undefined, 'KUBERNETES::UNAVAILABLE'],
    [
      'a pool that does not exist',
      404,
      { reason: 'NotFound', details: { name: 'a', kind: 'pools' } },
      'KUBERNETES::POOL_NOT_FOUND',
    ],
    [
      'a namespace that does not exist',
      404,
      { reason: 'NotFound', details: { name: 'n', kind: 'namespaces' } },
      'KUBERNETES::NAMESPACE_NOT_FOUND',
    ],
    ['an API that is not served', 404, '404 page not found\n', 'KUBERNETES::CRD_NOT_INSTALLED'],
    [
      'a name that exists already',
      409,
      { reason: 'AlreadyExists', details: { name: 'a', kind: 'pools' } },
      'KUBERNETES::POOL_ALREADY_EXISTS',
    ],
    ['a conflict', 409, { reason: 'Conflict' }, 'KUBERNETES::UNAVAILABLE'],
    ['rate limiting', 429, { reason: 'TooManyRequests' }, 'KUBERNETES::THROTTLED'],
    [
      'an internal error',
      500,
      { reason: 'InternalError', message: 'failed calling webhook: Post "https://svc.ns.svc"' },
      'KUBERNETES::POOL_API_ERROR',
    ],
    ['a gateway without a server', 502, '<html>', 'KUBERNETES::UNAVAILABLE'],
    ['a server that is starting', 503, { reason: 'ServiceUnavailable' }, 'KUBERNETES::UNAVAILABLE'],
    ['a call that took too long', 504, { reason: 'Timeout' }, 'KUBERNETES::TIMEOUT'],
    ['any other status', 418, 'teapot', 'KUBERNETES::POOL_API_ERROR'],
  ])('The error for %s has the expected code', (_what, code, status, expected) => {
    const error = toClusterError(response(code, status), 'patch');
    expect(error.code).toBe(expected);
    expect(error.message).not.toMatch(/10\.0\.0\.1|svc|<html>/);
    expect(error.message).not.toBe('');
  });

  test.each([
    [
      'a failed connection',
      Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error('connect 10.0.0.1'), { code: 'ECONNREFUSED' }),
      }),
      'KUBERNETES::UNAVAILABLE',
    ],
    ['a proxy that refuses', new Error('Proxy response (407) !== 200 when HTTP Tunneling'), 'KUBERNETES::UNAVAILABLE'],
    ['a deadline', new DOMException('', 'TimeoutError'), 'KUBERNETES::TIMEOUT'],
    ['a watch that does not open', new errors.HeadersTimeoutError(), 'KUBERNETES::TIMEOUT'],
  ])('The error for %s contains no addresses', (_what, thrown, expected) => {
    const error = toClusterError(thrown, 'list');
    expect(error).toMatchObject({ code: expected, cause: thrown });
    expect(error.message).not.toMatch(/10\.0\.0\.1|aws/);
  });
});

test('An error that may quote a credential reaches neither the caller nor the log', () => {
  for (const thrown of [
    new Error('exec: token=SECRET'),
    new TypeError('Headers.append: "Bearer SECRET" is invalid'),
    Object.assign(new Error('no /home/SECRET'), { code: 'ENOENT' }),
  ]) {
    const error = toCredentialError(thrown);
    expect(error).toMatchObject({ code: 'KUBERNETES::UNAVAILABLE', cause: undefined });
    expect(error.message).not.toMatch(/SECRET|carried out/);
  }
  for (const thrown of [
    new TypeError('Headers.append: "Bearer SECRET" is invalid'),
    Object.assign(new Error('Received "Bearer SECRET"'), { code: 'ERR_INVALID_ARG_VALUE' }),
  ]) {
    const error = toClusterError(thrown, 'create');
    expect(error).toMatchObject({ code: 'KUBERNETES::UNAVAILABLE', cause: undefined });
    expect(error.message).not.toContain('SECRET');
  }
});

test.each([
  ['ECONNREFUSED'],
  ['ENOTFOUND'],
  ['EAI_AGAIN'],
  ['UND_ERR_CONNECT_TIMEOUT'],
  ['CERT_HAS_EXPIRED'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['ERR_TLS_CERT_ALTNAME_INVALID'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'],
])('A write that fails with %s was certainly not sent', (code) => {
  const { message } = toClusterError(Object.assign(new Error(''), { code }), 'patch');
  expect(message).toBe(`The Kubernetes API server is unreachable (${code}).`);
});

test.each([
  ['a reset connection', 'ECONNRESET'],
  ['a response that is not HTTP', 'HPE_INVALID_CONSTANT'],
  ['a response that is not gzip', 'Z_DATA_ERROR'],
  ['a broken TLS record', 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'],
  ['an unknown code', 'ESURPRISE'],
  ['no code', undefined],
])('A write that fails with %s may have been carried out, and does not blame the credentials', (_what, code) => {
  const { message } = toClusterError(Object.assign(new Error(''), { code }), 'patch');
  expect(message).toContain('The write may have been carried out.');
  expect(message).not.toMatch(/credentials|Nothing was sent/);
  expect(toClusterError(Object.assign(new Error(''), { code }), 'list').message).not.toContain('carried out');
});

test('The error of a write says that it may have been carried out; that of a read does not', () => {
  expect(toClusterError(response(503, undefined), 'patch').message).toContain('may have been carried out');
  expect(toClusterError(response(503, undefined), 'list').message).not.toContain('carried out');
});

test('A write that etcd did not confirm in time may have been carried out; one that etcd refuses was not', () => {
  const messageOf = (message: string) => toClusterError(response(500, { message }), 'patch').message;
  expect(messageOf('etcdserver: request timed out')).toContain('may have been carried out');
  expect(messageOf('etcdserver: request is too large')).not.toContain('carried out');
});

test.each([
  ['pools', 'Pool "a" not found.', 'Pool "a" already exists.'],
  [
    'customresourcedefinitions',
    'customresourcedefinitions "a" not found.',
    'customresourcedefinitions "a" already exists.',
  ],
])('A missing or conflicting object of the kind %s is reported with its kind', (kind, missing, conflicting) => {
  const details = { name: 'a', kind };
  expect(toClusterError(response(404, { reason: 'NotFound', details }), 'get').message).toBe(missing);
  expect(toClusterError(response(409, { reason: 'AlreadyExists', details }), 'create').message).toBe(conflicting);
});

test('The Retry-After of the API server is passed on', () => {
  expect(toClusterError(response(429, {}, { 'retry-after': '7' }), 'list').retryAfterSeconds).toBe(7);
});

test('The causes in a Status become violations with the paths of the request and the messages of the API server', () => {
  const { violations, message } = toClusterError(response(422, invalid), 'create');
  expect(violations).toEqual([
    { path: ['capacitySpec', 'bufferMin'], message: 'Invalid value: must not be greater than bufferMax' },
  ]);
  expect(message).toBe(invalid.message);
});

test('A rejection names unknown fields, without the object that the API server puts before them', () => {
  const message =
    ' "" is invalid: patch: Invalid value: "{\\"managedFields\\":[]}": strict decoding error: unknown field "spec.scaleStrategy"';
  const error = toClusterError(
    response(422, { reason: 'Invalid', message, details: { causes: [{ field: 'patch', message }] } }),
    'patch',
  );
  expect(error.message).toBe('strict decoding error: unknown field "spec.scaleStrategy"');
  expect(error.violations).toMatchObject([{ path: ['scaleStrategy'] }]);
});

describe('The kind of an error', () => {
  const failedTest = {
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  };
  test.each([
    ['a failed test of a patch', response(422, failedTest), { lost: true, expired: false, refused: false }],
    ['a conflict', response(409, { reason: 'Conflict' }), { lost: true, expired: false, refused: false }],
    [
      'a name that exists already',
      response(409, { reason: 'AlreadyExists' }),
      { lost: false, expired: false, refused: false },
    ],
    ['a rejection by the schema', response(422, invalid), { lost: false, expired: false, refused: false }],
    [
      'a denial with 422',
      response(422, { reason: 'Invalid', message: 'admission webhook "x" denied the request: no' }),
      { lost: false, expired: false, refused: false },
    ],
    [
      'an expired resource version',
      response(410, { reason: 'Expired' }),
      { lost: false, expired: true, refused: false },
    ],
    ['a missing permission', response(403, {}), { lost: false, expired: false, refused: true }],
    ['rejected credentials', response(401, undefined), { lost: false, expired: false, refused: true }],
  ])('The error for %s is of the expected kind', (_what, thrown, expected) => {
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
])('The field %j has the path %j in a request', (field, path) => {
  expect(parseFieldPath(field)).toEqual(path);
});
