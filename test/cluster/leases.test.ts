// Leases on a real API server: the election, and what servers know of each other.
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { Reflector } from '../../src/services/kubernetes/cache/reflector.ts';
import { SyncStatus } from '../../src/services/kubernetes/cache/sync-status.ts';
import { ClusterConnection } from '../../src/services/kubernetes/connection/cluster-connection.ts';
import { findCluster } from '../../src/services/kubernetes/connection/kube-config.ts';
import { LeaderElector } from '../../src/services/kubernetes/leases/leader-elector.ts';
import { LEASES, type LeaseClient } from '../../src/services/kubernetes/leases/lease.ts';
import { SERVER_LEASES_SELECTOR, ServerLease } from '../../src/services/kubernetes/leases/server-lease.ts';
import { ServerLeases } from '../../src/services/kubernetes/leases/server-leases.ts';
import { ResourceClient } from '../../src/services/kubernetes/resource/resource-client.ts';
import { selected } from '../../src/services/kubernetes/resource/selected.ts';
import { ClusterAccess, type User } from './kit/cluster-access.ts';

const access = new ClusterAccess(inject('cluster'));
const NAME = 'warmpool-leader';
/** As long as a busy machine may need. */
const POLL = { timeout: 15_000 };

const grantLeases = async (namespace: string, user: User) => {
  const verbs = '--verb=get,list,watch,create,update,patch,delete';
  await access.kubectl('create', 'role', 'leases', verbs, '--resource=leases.coordination.k8s.io', '-n', namespace);
  await access.kubectl('create', 'rolebinding', 'leases', '--role=leases', `--user=${user}`, '-n', namespace);
};

const clientIn = (namespace: string, user: User) => {
  const kubeconfigPaths = [access.kubeconfig(user, { namespace })];
  const connection = new ClusterConnection(findCluster({ kubeconfigPaths }).kubeConfig);
  onTestFinished(() => connection.close());
  return new ResourceClient(connection, LEASES, namespace);
};

/** A namespace in which an account has the permissions for Leases. */
const openLeases = async () => {
  const namespace = await access.createNamespace();
  await grantLeases(namespace, 'warmpool');
  const leases = clientIn(namespace, 'warmpool');
  const signal = AbortSignal.timeout(50_000);
  await expect
    .poll(
      () =>
        leases.list({}, signal).then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true);
  return { namespace, leases, signal };
};

const startElector = (leases: LeaseClient, identity: string) => {
  const events: string[] = [];
  const elector = new LeaderElector({
    leases,
    identity,
    clock: systemClock,
    onElected: () => events.push('elected'),
    onDeposed: () => events.push('deposed'),
  });
  elector.start();
  onTestFinished(() => elector.stop());
  return { elector, events };
};

const isLeading = ({ elector }: ReturnType<typeof startElector>) =>
  expect.poll(() => elector.isLeader(), { timeout: 30_000, interval: 100 });

describe('The election', () => {
  test('A leader acquires, renews and gives back the Lease, and the next server takes it', async () => {
    const { leases, signal } = await openLeases();
    const one = startElector(leases, 'one_1');
    await isLeading(one).toBe(true);
    const acquired = await leases.get(NAME, signal);
    expect(acquired.spec).toMatchObject({ holderIdentity: 'one_1', leaseDurationSeconds: 15, leaseTransitions: 0 });
    expect(acquired.spec.renewTime).toMatch(/\.\d{6}Z$/);
    const other = startElector(leases, 'other_2');
    await expect.poll(() => other.elector.leader).toBe('one_1');
    await expect
      .poll(async () => (await leases.get(NAME, signal)).spec.renewTime, { timeout: 10_000 })
      .not.toBe(acquired.spec.renewTime);
    expect((await leases.get(NAME, signal)).spec.acquireTime).toBe(acquired.spec.acquireTime);
    await one.elector.stop();
    expect((await leases.get(NAME, signal)).spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
    await isLeading(other).toBe(true);
    expect((await leases.get(NAME, signal)).spec).toMatchObject({ holderIdentity: 'other_2', leaseTransitions: 1 });
    expect([one.events, other.events]).toEqual([['elected', 'deposed'], ['elected']]);
    expect([one.elector.problem, other.elector.problem]).toEqual([undefined, undefined]);
  });

  test('Of ten servers that start at once, one leads', async () => {
    const { leases } = await openLeases();
    const servers = Array.from({ length: 10 }, (_, index) => startElector(leases, `server_${index}`));
    // A server that was not the first learns who was at its next attempt.
    const uninformed = () => servers.filter(({ elector }) => elector.leader === undefined).length;
    await expect.poll(uninformed, { timeout: 10_000 }).toBe(0);
    expect(servers.filter(({ elector }) => elector.isLeader())).toHaveLength(1);
    expect(servers.map(({ elector }) => elector.problem).filter((problem) => problem !== undefined)).toEqual([]);
  });

  test('The Lease of a server that has vanished is taken after 15 s, and one with its identity takes it at once', async () => {
    const { leases, signal, namespace } = await openLeases();
    const spec = { holderIdentity: 'gone_1', leaseDurationSeconds: 15, renewTime: '2099-01-01T00:00:00.000000Z' };
    const manifest = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: NAME }, spec };
    await access.apply(manifest, '-n', namespace);
    const startedMs = performance.now();
    const other = startElector(leases, 'other_2');
    await isLeading(other).toBe(true);
    expect(performance.now() - startedMs).toBeGreaterThan(14_900);
    expect((await leases.get(NAME, signal)).spec.leaseTransitions).toBe(1);
    const restarted = startElector(leases, 'other_2');
    await expect.poll(() => restarted.elector.isLeader(), { timeout: 1_500 }).toBe(true);
  });

  test('Edits and the deletion of the Lease do not end the term of its leader', async () => {
    const { leases, signal, namespace } = await openLeases();
    const one = startElector(leases, 'one_1');
    await isLeading(one).toBe(true);
    await access.kubectl('annotate', 'lease', NAME, 'note=x', '-n', namespace);
    const { renewTime } = (await leases.get(NAME, signal)).spec;
    await expect
      .poll(async () => (await leases.get(NAME, signal)).spec.renewTime, { timeout: 10_000 })
      .not.toBe(renewTime);
    await access.kubectl('delete', 'lease', NAME, '-n', namespace);
    await expect
      .poll(
        () =>
          leases.get(NAME, signal).then(
            ({ spec }) => spec.holderIdentity,
            () => undefined,
          ),
        { timeout: 10_000 },
      )
      .toBe('one_1');
    expect(one.events).toEqual(['elected']);
  });

  test('Without the permission, no server leads and the problem names it; with it, the server leads', async () => {
    const namespace = await access.createNamespace();
    const one = startElector(clientIn(namespace, 'nobody'), 'one_1');
    await expect
      .poll(() => one.elector.problem)
      .toMatch(/^The Lease "warmpool-leader" cannot be read or written: User "nobody" cannot get resource "leases"/);
    expect(one.elector.isLeader()).toBe(false);
    await grantLeases(namespace, 'nobody');
    await isLeading(one).toBe(true);
    expect(one.elector.problem).toBeUndefined();
  });
});

describe('The Leases of servers', () => {
  test('A server knows the others and their callers by a watch of the Leases with their label, until they stop', async () => {
    const { leases, namespace, signal } = await openLeases();
    const other = new ServerLease({ leases, identity: 'other_2', clock: systemClock });
    const own = new ServerLease({ leases, identity: 'own_1', clock: systemClock });
    const servers = new ServerLeases({ own, clock: systemClock });
    const status = new SyncStatus(systemClock, () => undefined);
    const listWatch = selected(leases, SERVER_LEASES_SELECTOR);
    const reflector = new Reflector({ listWatch, store: servers, status });
    onTestFinished(async () => {
      await reflector.stop();
      servers.close();
      await own.stop();
      await other.stop();
    });
    startElector(leases, 'own_1');
    reflector.start();
    await status.firstSync;
    own.start();
    other.start();
    await expect.poll(() => servers.alive(), POLL).toEqual(['other_2', 'own_1']);
    other.publish(new Map([['pool-uid', ['token-1', 'token-2']]]));
    await expect.poll(() => [...(servers.waiting().get('pool-uid') ?? [])], POLL).toEqual(['token-1', 'token-2']);
    other.publish(new Map());
    await expect.poll(() => servers.waiting().size, POLL).toBe(0);
    await access.kubectl('delete', 'lease', other.name, '-n', namespace);
    await expect.poll(() => servers.alive(), POLL).toEqual(['own_1']);
    await expect.poll(() => servers.alive(), POLL).toEqual(['other_2', 'own_1']);
    await other.stop();
    await expect.poll(() => servers.alive(), POLL).toEqual(['own_1']);
    const names = (await leases.list({}, signal)).items.map(({ metadata }) => metadata.name);
    expect(names.sort()).toEqual([NAME, own.name].sort());
  });

  test('The API server accepts a Lease with the largest annotation and an owner', async () => {
    const { leases, signal } = await openLeases();
    const pod = { name: 'warmpool-1', uid: '00000000-0000-0000-0000-000000000001' };
    const lease = new ServerLease({ leases, identity: 'own_1', pod, clock: systemClock });
    onTestFinished(() => lease.stop());
    const uid = (index: number) => String(index).padStart(36, '0');
    lease.publish(
      new Map(Array.from({ length: 6_000 }, (_, index) => [uid(index), ['0123456789abcdef', 'f'.repeat(16)]])),
    );
    lease.start();
    await expect
      .poll(() =>
        leases.get(lease.name, signal).then(
          ({ metadata }) => Object.keys(metadata.annotations ?? {}),
          () => [],
        ),
      )
      .toEqual(['warmpool.dev/waiting']);
    expect(lease.problem).toBeUndefined();
  });
});
