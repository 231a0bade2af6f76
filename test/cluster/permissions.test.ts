// Responses of a server that lacks permissions.
import { describe, expect, inject, test } from 'vitest';
import { poolNamed } from '../support/pools.ts';
import { ClusterAccess } from './kit/cluster-access.ts';
import { startServerOn } from './kit/server-on-cluster.ts';

const access = new ClusterAccess(inject('cluster'));

describe('An account without permissions', () => {
  test.each([
    ['GET', '/pools', undefined],
    ['GET', '/pools/agents', undefined],
    ['POST', '/pools', poolNamed('agents')],
    ['PATCH', '/pools/agents', { labels: { a: 'b' } }],
    ['DELETE', '/pools/agents', undefined],
  ])(
    '%s %s of an account without permissions responds with 403 and names the permission',
    async (method, route, json) => {
      const { call } = await startServerOn(access, { user: 'nobody' });
      const answer = await call(method, route, { json });
      expect(answer).toMatchObject({ status: 403, body: { code: 'KUBERNETES::FORBIDDEN' } });
      expect(answer.body).toHaveProperty(
        'message',
        expect.stringMatching(/^User "nobody" cannot \w+ resource "pools"/),
      );
    },
  );

  test('/ready names a missing permission, and the server works as soon as it is granted', async () => {
    const { call, namespace } = await startServerOn(access, { user: 'nobody' });
    await call('GET', '/pools');
    const ready = await call('GET', '/ready', { key: null });
    expect(ready).toMatchObject({ status: 503, body: { code: 'KUBERNETES::UNAVAILABLE' } });
    expect(ready.body).toHaveProperty('reasons', [expect.stringContaining('User "nobody" cannot list')]);
    await access.kubectl('create', 'rolebinding', 'nobody', '--role=warmpool', '--user=nobody', '-n', namespace);
    await expect.poll(async () => (await call('GET', '/pools')).status, { timeout: 10_000 }).toBe(200);
    expect((await call('GET', '/ready', { key: null })).body).toEqual({ status: 'ready', reasons: [] });
  });

  test('An account that loses its permissions cannot read cached pools', async () => {
    const { call, namespace } = await startServerOn(access);
    await call('POST', '/pools', { json: poolNamed('agents') });
    await access.kubectl('delete', 'rolebinding', 'warmpool', '-n', namespace);
    // An open watch continues until its end.
    await expect.poll(async () => (await call('GET', '/pools/agents')).status, { timeout: 30_000 }).toBe(403);
    expect((await call('GET', '/ready', { key: null })).body).toMatchObject({ status: 'degraded' });
  });
});

describe('Members', () => {
  test('Without the permission to list pods, a request for members responds with 403', async () => {
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
