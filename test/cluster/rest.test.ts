// REST over Kubernetes: what an existing client relies on, and what the cluster itself validates.
import { describe, expect, inject, test } from 'vitest';
import { describeCompatibility } from '../server/rest/compatible.conformance.ts';
import { capacity, poolNamed, template } from '../support/pools.ts';
import { ClusterAccess } from './kit/cluster-access.ts';
import { startServerOn } from './kit/server-on-cluster.ts';

const access = new ClusterAccess(inject('cluster'));

describe('The shipped Role', () => {
  describeCompatibility(() => startServerOn(access));
});

test('A pool keeps every field that it was created with, and the cluster stores exactly those', async () => {
  const { call, namespace } = await startServerOn(access);
  const given = {
    labels: { team: 'a' },
    annotations: { note: 'x' },
    scaleStrategy: { maxUnavailable: '50%' },
    updateStrategy: { maxUnavailable: 2 },
    recycleStrategy: { type: 'Restart' },
  };
  const created = await call('POST', '/pools', { json: poolNamed('agents', given) });
  expect(created.status).toBe(201);
  expect((await call('GET', '/pools/agents')).body).toMatchObject(poolNamed('agents', given));
  const stored = JSON.parse(await access.kubectl('get', 'pools', 'agents', '-o', 'json', '-n', namespace)) as object;
  expect(stored).toMatchObject({
    metadata: { name: 'agents', labels: { team: 'a' }, annotations: { note: 'x' } },
    spec: { template: template(), capacitySpec: capacity(0, 0), scaleStrategy: { maxUnavailable: '50%' } },
  });
  expect(stored).not.toHaveProperty('status');
});

test('A PATCH removes a strategy and a label, and keeps the rest', async () => {
  const { call } = await startServerOn(access);
  const given = {
    labels: { a: '1', b: '2' },
    scaleStrategy: { maxUnavailable: 1 },
    updateStrategy: { maxUnavailable: 2 },
  };
  await call('POST', '/pools', { json: poolNamed('agents', given) });
  const patched = await call('PATCH', '/pools/agents', { json: { labels: { a: null }, scaleStrategy: null } });
  expect(patched.status).toBe(200);
  expect(patched.body).toMatchObject({ labels: { b: '2' }, updateStrategy: { maxUnavailable: 2 }, generation: 2 });
  expect(patched.body).not.toHaveProperty('scaleStrategy');
});

test('A PUT that changes nothing creates no new version', async () => {
  const { call } = await startServerOn(access);
  const created = await call('POST', '/pools', { json: poolNamed('agents') });
  const put = await call('PUT', '/pools/agents', { json: created.body });
  expect(put.status).toBe(200);
  expect(put.body).toEqual(created.body);
});

test('A template that only the cluster can validate is stored unchanged', async () => {
  const { call } = await startServerOn(access);
  const odd = {
    metadata: { labels: { x: 'y' } },
    spec: { containers: [{ name: 'a', image: 'b', unknown: [1, null] }] },
  };
  await call('POST', '/pools', { json: poolNamed('agents', { template: odd }) });
  expect((await call('GET', '/pools/agents')).body).toMatchObject({ template: odd });
});

test('A request for decisions responds with 501, because another controller makes them', async () => {
  const { call } = await startServerOn(access);
  expect((await call('GET', '/v1/pools/agents/decisions')).status).toBe(404);
  await call('POST', '/pools', { json: poolNamed('agents') });
  expect(await call('GET', '/v1/pools/agents/decisions')).toMatchObject({
    status: 501,
    body: { code: 'RUNTIME::NOT_SUPPORTED' },
  });
});

describe('Rejections by the cluster', () => {
  test('An exceeded quota is reported with 422 and the message of the API server', async () => {
    const { call, namespace } = await startServerOn(access);
    await access.useUpQuota(namespace, 1);
    const refused = await call('POST', '/pools', { json: poolNamed('agents') });
    expect(refused).toMatchObject({ status: 422, body: { code: 'KUBERNETES::REJECTED' } });
    expect(refused.text).toContain('quota');
  });

  test('The denial of an admission policy is reported with 422 and its message', async () => {
    const { call, namespace } = await startServerOn(access);
    await denyBigPools(namespace);
    const refused = () => call('POST', '/pools', { json: poolNamed('big', { capacitySpec: capacity(0, 9, 0, 99) }) });
    // The API server takes a moment to act on a new policy: pools with names of their own until it does.
    await expect
      .poll(
        async () =>
          (
            await call('POST', '/pools', {
              json: poolNamed(`p-${Date.now()}`, { capacitySpec: capacity(0, 9, 0, 99) }),
            })
          ).status,
        { timeout: 20_000 },
      )
      .toBe(422);
    expect(await refused()).toMatchObject({ status: 422, body: { code: 'KUBERNETES::REJECTED' } });
    expect((await refused()).text).toContain('too big for this namespace');
  });

  test('Reads and writes in a namespace that does not exist respond with 503 NAMESPACE_NOT_FOUND', async () => {
    const { call } = await startServerOn(access, { namespace: 'nowhere', user: 'admin' });
    const answer = { status: 503, body: { code: 'KUBERNETES::NAMESPACE_NOT_FOUND' } };
    expect(await call('GET', '/pools')).toMatchObject(answer);
    expect(await call('POST', '/pools', { json: poolNamed('agents') })).toMatchObject(answer);
    expect(await call('GET', '/ready', { key: null })).toMatchObject({
      ...answer,
      body: { reasons: [expect.stringContaining('nowhere')] },
    });
  });
});

const denyBigPools = async (namespace: string): Promise<void> => {
  const name = `big-pools-${namespace}`;
  const metadata = { name };
  await access.apply({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata,
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        resourceRules: [
          { apiGroups: ['sandbox.opensandbox.io'], apiVersions: ['*'], operations: ['CREATE'], resources: ['pools'] },
        ],
      },
      validations: [{ expression: 'object.spec.capacitySpec.poolMax < 50', message: 'too big for this namespace' }],
    },
  });
  await access.apply({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata,
    spec: { policyName: name, validationActions: ['Deny'] },
  });
};
