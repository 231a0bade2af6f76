// Decisions and Events on a real API server.
import { expect, inject, onTestFinished, test } from 'vitest';
import type { PoolResponse } from '../../src/contract/pool.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { ClusterConnection } from '../../src/services/kubernetes/connection/cluster-connection.ts';
import { findCluster } from '../../src/services/kubernetes/connection/kube-config.ts';
import { ConfigMapJournal } from '../../src/services/kubernetes/journal/config-map-journal.ts';
import { PoolEvents } from '../../src/services/kubernetes/journal/pool-events.ts';
import { PoolIndex } from '../../src/services/pools/pool-index.ts';
import type { Pool } from '../../src/services/pools/pool.ts';
import { decision, expectGrowing } from '../services/kubernetes/journal/journals.ts';
import { poolNamed, storedPool } from '../support/pools.ts';
import { ClusterAccess } from './kit/cluster-access.ts';
import { startServerOn } from './kit/server-on-cluster.ts';

const access = new ClusterAccess(inject('cluster'));

const LONGEST_NAME = 'a'.repeat(63);

/** A pool on the cluster, and the journals and Events of servers that know it. */
const start = async (name = 'agents') => {
  const { call, namespace } = await startServerOn(access);
  const { uid } = (await call('POST', '/pools', { json: poolNamed(name) })).body as PoolResponse;
  const pool: Pool = { ...storedPool(name), uid };
  const pools = new PoolIndex();
  pools.put(pool);
  const connect = () => {
    const connection = access.connect();
    onTestFinished(() => connection.close());
    return { connection, namespace, clock: systemClock };
  };
  const openJournal = async (isLeader = true) => {
    const journal = new ConfigMapJournal({ ...connect(), pools, isLeader: () => isLeader });
    journal.start();
    onTestFinished(() => journal.close());
    await journal.list(pool, 1);
    return journal;
  };
  const openEvents = () => new PoolEvents(connect());
  const read = async (...args: string[]) =>
    (JSON.parse(await access.kubectl('get', ...args, '-n', namespace, '-o', 'json')) as { items: object[] }).items;
  const list = async (journal: ConfigMapJournal, of = pool) =>
    (await journal.list(of, 500)).map(({ sentence }) => sentence);
  return { pool, pools, namespace, openJournal, openEvents, read, list };
};

test('Two servers list the same decisions, and a new leader continues them', async () => {
  const { pool, openJournal, list } = await start(LONGEST_NAME);
  const [leader, other] = [await openJournal(), await openJournal(false)];
  for (const sentence of ['one', 'two']) await leader.add(pool.uid, decision(sentence));
  await expect.poll(() => list(other), { timeout: 10_000 }).toEqual(['two', 'one']);
  expect(await other.list(pool, 500)).toEqual(await leader.list(pool, 500));
  await leader.close();
  const next = await openJournal();
  await next.add(pool.uid, decision('three'));
  await expect.poll(() => list(other), { timeout: 10_000 }).toEqual(['three', 'two', 'one']);
  expectGrowing(await other.list(pool, 500));
  expect([leader, other, next].flatMap((journal) => journal.problems())).toEqual([]);
});

test('Of two leaders that write at the same time, each keeps the decisions of the other', async () => {
  const { pool, openJournal, list } = await start();
  const [one, other] = [await openJournal(), await openJournal()];
  await Promise.all([one.add(pool.uid, decision('one')), other.add(pool.uid, decision('other'))]);
  await expect.poll(async () => (await list(one)).length, { timeout: 10_000 }).toBe(2);
  await expect.poll(() => list(other), { timeout: 10_000 }).toEqual(await list(one));
  expectGrowing(await one.list(pool, 500));
});

test('The ConfigMap is owned by the pool and not by others, and one that somebody edits is replaced', async () => {
  const { pool, namespace, openJournal, read, list } = await start();
  const journal = await openJournal();
  await journal.add(pool.uid, decision('one'));
  const maps = () => read('configmaps', '-l', 'sandbox.opensandbox.io/pool-name=agents');
  await expect.poll(maps, { timeout: 10_000 }).toMatchObject([
    {
      metadata: {
        name: `warmpool-decisions-${pool.uid}`,
        ownerReferences: [
          { apiVersion: 'sandbox.opensandbox.io/v1alpha1', kind: 'Pool', name: 'agents', uid: pool.uid },
        ],
      },
    },
  ]);
  const [map] = (await maps()) as { metadata: { ownerReferences: object[] } }[];
  expect(map?.metadata.ownerReferences[0]).not.toHaveProperty('blockOwnerDeletion');
  const name = `configmap/warmpool-decisions-${pool.uid}`;
  const edit = JSON.stringify({ metadata: { labels: null }, data: { decisions: 'nonsense' } });
  await access.kubectl('patch', name, '-n', namespace, '--type=merge', '-p', edit);
  await expect.poll(() => list(journal), { timeout: 10_000 }).toEqual([]);
  await journal.add(pool.uid, decision('two'));
  await expect.poll(maps, { timeout: 10_000 }).toHaveLength(1);
  expect(await list(journal)).toEqual(['two']);
});

test('The decisions of all pools that wait are written when their leader stops', async () => {
  const { openJournal, pools, list } = await start();
  const many = Array.from({ length: 50 }, (_, index) => storedPool(`pool-${index}`));
  for (const pool of many) pools.put(pool);
  const journal = await openJournal();
  for (const { uid } of many) await journal.add(uid, decision('last'));
  await journal.close();
  const next = await openJournal(false);
  for (const pool of many) expect(await list(next, pool)).toEqual(['last']);
});

test('kubectl shows the Events of a pool, and a repetition as its count', async () => {
  const { pool, namespace, openEvents, read } = await start(LONGEST_NAME);
  const events = openEvents();
  events.membersCreated(pool, 3);
  events.startsFailed(pool, 'The quota of pods is used up.');
  const shown = () => read('events', '--field-selector', `involvedObject.name=${pool.name}`);
  await expect.poll(shown, { timeout: 10_000 }).toHaveLength(2);
  events.membersCreated(pool, 4);
  await expect
    .poll(shown, { timeout: 10_000 })
    .toEqual(
      expect.arrayContaining([
        expect.objectContaining({ reason: 'MembersCreated', type: 'Normal', message: 'Started 7 members.', count: 2 }),
        expect.objectContaining({ reason: 'StartsFailed', type: 'Warning', reportingComponent: 'warmpool' }),
      ]),
    );
  expect(await access.kubectl('describe', 'pool', pool.name, '-n', namespace)).toMatch(
    /Normal\s+MembersCreated\s+.*x2 over.*\s+warmpool\s+Started 7 members\./,
  );
  await events.close();
  expect(events.problems()).toEqual([]);
});

test('An account that may neither write ConfigMaps nor Events reports that, and keeps its decisions in memory', async () => {
  const { pool, pools, namespace } = await start();
  const kubeconfigPaths = [access.kubeconfig('nobody', { namespace })];
  const connection = new ClusterConnection(findCluster({ kubeconfigPaths }).kubeConfig);
  const shared = { connection, namespace, clock: systemClock };
  const journal = new ConfigMapJournal({ ...shared, pools, isLeader: () => true });
  const events = new PoolEvents(shared);
  onTestFinished(async () => {
    await Promise.all([journal.close(), events.close()]);
    await connection.close();
  });
  journal.start();
  await journal.add(pool.uid, decision('one'));
  events.contested(pool, 'Another controller acts on this pool.');
  await expect
    .poll(() => [...journal.problems(), ...events.problems()], { timeout: 10_000 })
    .toEqual([
      expect.stringContaining('cannot create resource "configmaps"'),
      expect.stringContaining('cannot list resource "configmaps"'),
      expect.stringContaining('cannot create resource "events"'),
    ]);
  expect(await journal.list(pool, 10)).toMatchObject([{ sentence: 'one' }]);
});
