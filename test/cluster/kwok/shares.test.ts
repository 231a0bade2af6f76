// Servers prefer members of their own share.
import { expect, inject, test } from 'vitest';
import { call } from '../../support/server-process.ts';
import { ClusterAccess } from '../kit/cluster-access.ts';
import { writesSince } from '../kit/count-writes.ts';
import { createPool, openNamespace, recordingClient } from './managed-servers.ts';

const access = new ClusterAccess(inject('cluster'));

test('Bursts of 50 claims at each of two servers on 100 members hardly collide', { timeout: 120_000 }, async () => {
  const { checker, startServer } = await openNamespace(access);
  const servers = [await startServer(), await startServer()] as const;
  await createPool(servers[0], 'agents', 100);
  for (const server of servers) {
    const ready = async () => {
      const { body } = await call(server, 'GET', '/v1/pools/agents/members');
      return (body?.items as { phase: string }[]).filter(({ phase }) => phase === 'ready').length;
    };
    await expect.poll(ready, { timeout: 30_000 }).toBe(100);
  }
  const before = await access.countWrites();
  const bursts = servers.map((server) => {
    const client = recordingClient(checker, () => server);
    return Array.from({ length: 50 }, () => client.claim('agents', { waitSeconds: 20 }));
  });
  const claims = await Promise.all(bursts.flat());
  const { 'PATCH pods': binds } = writesSince(before, await access.countWrites(), 'pods');
  expect(new Set(claims.map((claim) => claim?.member.name)).size).toBe(100);
  expect(claims).not.toContain(undefined);
  expect(binds).toBeGreaterThanOrEqual(100);
  expect(binds).toBeLessThanOrEqual(110);
});
