// What the server answers with fewer rights than it needs.
import { describe, expect, inject, test } from 'vitest';
import { poolNamed } from '../support/pools.ts';
import { ClusterAccess } from './kit/cluster-access.ts';
import { startServerOn } from './kit/server-on-cluster.ts';

const access = new ClusterAccess(inject('cluster'));

describe('an account without rights', () => {
  test.each([
    ['GET', '/pools', undefined],
    ['GET', '/pools/agents', undefined],
    ['POST', '/pools', poolNamed('agents')],
    ['PATCH', '/pools/agents', { labels: { a: 'b' } }],
    ['DELETE', '/pools/agents', undefined],
  ])('%s %s is 403 and names the right', async (method, route, json) => {
    const { call } = await startServerOn(access, { user: 'nobody' });
    const answer = await call(method, route, { json });
    expect(answer).toMatchObject({ status: 403, body: { code: 'KUBERNETES::FORBIDDEN' } });
    expect(answer.body).toHaveProperty('message', expect.stringMatching(/^User "nobody" cannot \w+ resource "pools"/));
  });

  test('/ready says so, and the same server works as soon as the right is given', async () => {
    const { call, namespace } = await startServerOn(access, { user: 'nobody' });
    await call('GET', '/pools');
    const ready = await call('GET', '/ready', { key: null });
    expect(ready).toMatchObject({ status: 503, body: { code: 'KUBERNETES::UNAVAILABLE' } });
    expect(ready.body).toHaveProperty('reasons', [expect.stringContaining('User "nobody" cannot list')]);
    await access.kubectl('create', 'rolebinding', 'nobody', '--role=warmpool', '--user=nobody', '-n', namespace);
    await expect.poll(async () => (await call('GET', '/pools')).status, { timeout: 10_000 }).toBe(200);
    expect((await call('GET', '/ready', { key: null })).body).toEqual({ status: 'ready', reasons: [] });
  });

  test('that loses its rights is not shown what was cached', async () => {
    const { call, namespace } = await startServerOn(access);
    await call('POST', '/pools', { json: poolNamed('agents') });
    await access.kubectl('delete', 'rolebinding', 'warmpool', '-n', namespace);
    // A watch that is open goes on until its end.
    await expect.poll(async () => (await call('GET', '/pools/agents')).status, { timeout: 30_000 }).toBe(403);
    expect((await call('GET', '/ready', { key: null })).body).toMatchObject({ status: 'degraded' });
  });
});

describe('members', () => {
  test('without the right to list pods are 403', async () => {
    const { call, namespace } = await startServerOn(access);
    await call('POST', '/pools', { json: poolNamed('agents') });
    const rules = [{ apiGroups: ['sandbox.opensandbox.io'], resources: ['pools', 'batchsandboxes'], verbs: ['*'] }];
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'warmpool' }, rules };
    await access.apply(role, '-n', namespace);
    await expect
      .poll(async () => (await call('GET', '/v1/pools/agents/members')).body, { timeout: 10_000 })
      .toHaveProperty('message', expect.stringContaining('cannot list resource "pods"'));
  });
});
