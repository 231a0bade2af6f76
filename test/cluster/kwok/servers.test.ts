// Several servers share the pools of a namespace: no member is handed out twice, whichever of them ends, and how.
import { expect, inject, test } from 'vitest';
import { call } from '../../support/server-process.ts';
import { ClusterAccess } from '../kit/cluster-access.ts';
import { createPool, openNamespace, recordingClient, untilAvailable } from './managed-servers.ts';

const access = new ClusterAccess(inject('cluster'));

/** Claims and releases until `isDone`, through servers that may be gone. Returns how many claims it had. */
const workAs = async (client: ReturnType<typeof recordingClient>, pool: string, isDone: (count: number) => boolean) => {
  let count = 0;
  while (!isDone(count)) {
    try {
      const claim = await client.claim(pool, { waitSeconds: 5 });
      if (claim === undefined) continue;
      count += 1;
      await client.release(claim.id);
    } catch {
      // The server has gone; another one is asked next time.
    }
  }
  return count;
};

test.each(['Delete', 'Noop'])(
  'Two servers hand out the members of a pool under %s to 12 clients, none of them twice',
  { timeout: 120_000 },
  async (type) => {
    const { checker, startServer } = await openNamespace(access);
    const servers = [await startServer(), await startServer()] as const;
    await createPool(servers[0], 'agents', 10, { recycleStrategy: { type } });
    const clients = Array.from({ length: 12 }, (_, at) =>
      recordingClient(checker, () => servers[at % 2 === 0 ? 0 : 1]),
    );
    const counts = await Promise.all(clients.map((client) => workAs(client, 'agents', (count) => count === 25)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(300);
    await untilAvailable(servers[1], 'agents', 10);
  },
);

test(
  'While the leader is killed and another server is stopped, the third one hands out members, and the pool keeps its size',
  { timeout: 180_000 },
  async () => {
    const { namespace, checker, startServer } = await openNamespace(access);
    const [first, second, third] = [await startServer(), await startServer(), await startServer()];
    await createPool(first, 'agents', 10);
    let serving = [first, second, third];
    let isOver = false;
    const clientAt = (at: number) => recordingClient(checker, () => serving[at % serving.length] ?? third);
    const working = Promise.all(Array.from({ length: 6 }, (_, at) => workAs(clientAt(at), 'agents', () => isOver)));
    const leader = ['get', 'lease', 'warmpool-leader', '-n', namespace, '-o', 'jsonpath={.spec.holderIdentity}'];
    const before = await access.kubectl(...leader);
    serving = [second, third];
    first.child.kill('SIGKILL');
    await expect.poll(() => access.kubectl(...leader), { timeout: 40_000, interval: 500 }).not.toBe(before);
    serving = [third];
    second.child.kill('SIGTERM');
    expect(await second.exited).toBe(0);
    await expect.poll(() => access.kubectl(...leader), { timeout: 40_000, interval: 500 }).not.toBe('');
    isOver = true;
    expect(Math.min(...(await working))).toBeGreaterThan(0);
    await untilAvailable(third, 'agents', 10);
  },
);

test('A request that is repeated at another server, or at both at once, gets one claim', async () => {
  const { checker, startServer } = await openNamespace(access);
  const servers = [await startServer(), await startServer()] as const;
  await createPool(servers[0], 'agents', 8);
  const clientAt = (at: number) => recordingClient(checker, () => servers[at % 2 === 0 ? 0 : 1]);
  const requests = Array.from({ length: 10 }, (_, at) => clientAt(at).claim('agents', { waitSeconds: 10 }, 'one'));
  const ids = new Set((await Promise.all(requests)).map((claim) => claim?.id));
  expect([...ids]).toHaveLength(1);
  const { body } = await call(servers[1], 'GET', '/v1/claims');
  expect((body?.items as unknown[]).length).toBe(1);
});
