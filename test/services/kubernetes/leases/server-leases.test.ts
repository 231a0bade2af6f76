// What servers publish in their Leases and know of each other, with an API server in memory and time that the test moves.
import { describe, expect, onTestFinished, test } from 'vitest';
import { ServerLease } from '../../../../src/services/kubernetes/leases/server-lease.ts';
import { ServerLeases } from '../../../../src/services/kubernetes/leases/server-leases.ts';
import { parseWaiting, WAITING } from '../../../../src/services/kubernetes/leases/waiting.ts';
import { refusal, type Network } from './lease-server.ts';
import { World } from './world.ts';

const POD = { name: 'warmpool-1', uid: 'pod-uid' };

/** A server that has stored its Lease. @param network For its calls. */
const startServer = async (world: World, identity: string, network?: Network) => {
  const lease = new ServerLease({ leases: world.api.client(network), identity, clock: world.clock });
  lease.start();
  await world.advance(0);
  return lease;
};

const published = (world: World, { name }: ServerLease) =>
  Object.fromEntries(parseWaiting(world.api.get(name).metadata.annotations?.[WAITING] ?? ''));

describe('The Lease of a server', () => {
  test('A server creates a Lease that its pod owns, with a label, and renews it every 10 s', async () => {
    const world = new World();
    const lease = new ServerLease({ leases: world.api.client(), identity: 'a_B', pod: POD, clock: world.clock });
    expect(lease.name).toMatch(/^warmpool-server-[0-9a-f]{16}$/);
    lease.start();
    await world.advance(0);
    const stored = world.api.get(lease.name);
    expect(stored.metadata).toMatchObject({
      labels: { 'warmpool.dev/lease': 'server' },
      annotations: { 'warmpool.dev/waiting': '{}' },
    });
    expect(world.api.manifest(lease.name)).toHaveProperty('metadata.ownerReferences', [
      { apiVersion: 'v1', kind: 'Pod', ...POD },
    ]);
    expect(stored.spec).toEqual({
      holderIdentity: 'a_B',
      leaseDurationSeconds: 30,
      renewTime: '2026-01-01T00:00:00.000000Z',
    });
    await world.advance(9_999);
    expect(world.api.get(lease.name).metadata.resourceVersion).toBe(stored.metadata.resourceVersion);
    await world.advance(1);
    expect(world.api.get(lease.name).spec.renewTime).toBe('2026-01-01T00:00:10.000000Z');
  });

  test('Changes are published at most 4 times a second, and the last one always', async () => {
    const world = new World();
    const lease = await startServer(world, 'a');
    const before = world.api.calls.length;
    for (let count = 1; count <= 100; count += 1) {
      lease.publish(new Map([['pool', [`token-${count}`]]]));
      await world.advance(10);
    }
    await world.advance(250);
    expect(world.api.calls.length - before).toBeLessThanOrEqual(5);
    expect(published(world, lease)).toEqual({ pool: ['token-100'] });
  });

  test('A change after a quiet time is published at once', async () => {
    const world = new World();
    const lease = await startServer(world, 'a');
    await world.advance(1_000);
    lease.publish(new Map([['pool', ['t']]]));
    await world.advance(0);
    expect(published(world, lease)).toEqual({ pool: ['t'] });
  });

  test('Longer lines than 5 000 callers are cut evenly, and short ones are kept', async () => {
    const world = new World();
    const lease = await startServer(world, 'a');
    const line = (length: number) => Array.from({ length }, (_, index) => String(index));
    lease.publish(
      new Map([
        ['long', line(9_000)],
        ['longer', line(20_000)],
        ['short', line(3)],
        ['none', []],
      ]),
    );
    await world.advance(250);
    const lengths = Object.entries(published(world, lease)).map(([uid, tokens]) => [uid, tokens.length]);
    expect(Object.fromEntries(lengths)).toEqual({ short: 3, long: 2_498, longer: 2_499 });
  });

  test('The largest annotation stays below the 256 KiB of Kubernetes', async () => {
    const world = new World();
    const lease = await startServer(world, 'a');
    const uid = (index: number) => String(index).padStart(36, '0');
    const pools = Array.from(
      { length: 6_000 },
      (_, index) => [uid(index), ['0123456789abcdef', 'f'.repeat(16)]] as const,
    );
    lease.publish(new Map(pools));
    await world.advance(250);
    const text = world.api.get(lease.name).metadata.annotations?.[WAITING] ?? '';
    expect(text.length).toBeGreaterThan(200_000);
    expect(text.length).toBeLessThan(262_144);
  });

  test('A Lease that was deleted or edited by hand is repaired within 10 s', async () => {
    const world = new World();
    const lease = await startServer(world, 'a');
    world.api.patch(lease.name, [{ op: 'add', path: '/metadata/labels', value: {} }]);
    await world.advance(10_000);
    expect(world.api.get(lease.name).metadata.labels).toEqual({ 'warmpool.dev/lease': 'server' });
    world.api.delete(lease.name);
    await world.advance(10_000);
    expect(world.api.get(lease.name).spec.holderIdentity).toBe('a');
  });

  test('While the Lease cannot be written, the server tries again with pauses and has a problem', async () => {
    const world = new World();
    let isRefused = true;
    let calls = 0;
    const lease = await startServer(world, 'a', async (verb, carryOut) => {
      calls += 1;
      const message = 'User "a" cannot patch resource "leases"';
      if (isRefused) throw refusal(verb, 403, { reason: 'Forbidden', message });
      return carryOut();
    });
    lease.publish(new Map([['pool', ['t']]]));
    await world.advance(20_000);
    expect(calls).toBeLessThan(10);
    expect(lease.problem).toBe(
      `The Lease "${lease.name}" cannot be read or written: User "a" cannot patch resource "leases". Apply the Role of deploy/server.yaml.`,
    );
    isRefused = false;
    await world.advance(5_000);
    expect(lease.problem).toBeUndefined();
    expect(published(world, lease)).toEqual({ pool: ['t'] });
  });

  test('A server that stops deletes its Lease and writes no other', async () => {
    const world = new World();
    const lease = await startServer(world, 'a');
    lease.publish(new Map([['pool', ['t']]]));
    await lease.stop();
    lease.publish(new Map());
    await world.advance(20_000);
    expect(world.api.list()).toEqual([]);
  });

  test('A restarted server takes over the Lease of its identity', async () => {
    const world = new World();
    const { name } = await startServer(world, 'a');
    const { uid } = world.api.get(name).metadata;
    await world.advance(1_000);
    const lease = await startServer(world, 'a');
    expect([lease.name, world.api.get(name).metadata.uid]).toEqual([name, uid]);
    await lease.stop();
    expect(world.api.list()).toEqual([]);
  });
});

/** What the server `own` knows, with the number of its notifications. */
const know = (world: World, own: ServerLease) => {
  const servers = new ServerLeases({ own, clock: world.clock });
  const changes = { count: 0 };
  servers.subscribe(() => {
    changes.count += 1;
  });
  onTestFinished(() => {
    servers.close();
  });
  return {
    servers,
    changes,
    sync: () => {
      servers.replace(world.api.list());
    },
  };
};

const tokens = (servers: ServerLeases) =>
  Object.fromEntries([...servers.waiting()].map(([uid, its]) => [uid, [...its].sort()]));

describe('What a server knows of the others', () => {
  test('Without any Lease a server knows itself and its own line', () => {
    const world = new World();
    const own = new ServerLease({ leases: world.api.client(), identity: 'own', clock: world.clock });
    own.publish(new Map([['pool', ['t']]]));
    const { servers } = know(world, own);
    expect([servers.alive(), tokens(servers), servers.isEmpty]).toEqual([['own'], { pool: ['t'] }, true]);
  });

  test('The callers of all servers that are alive are known, by pool', async () => {
    const world = new World();
    const [own, other] = [await startServer(world, 'own'), await startServer(world, 'other')];
    own.publish(new Map([['one', ['a']]]));
    other.publish(
      new Map([
        ['one', ['b']],
        ['two', ['c']],
      ]),
    );
    await world.advance(250);
    const { servers, sync } = know(world, own);
    sync();
    expect(servers.alive()).toEqual(['other', 'own']);
    expect(tokens(servers)).toEqual({ one: ['a', 'b'], two: ['c'] });
  });

  test('Subscribers learn of new servers and of other callers, and not of renewals', async () => {
    const world = new World();
    const [own, other] = [await startServer(world, 'own'), await startServer(world, 'other')];
    const { servers, changes, sync } = know(world, own);
    sync();
    expect(changes.count).toBe(1);
    await world.advance(10_000);
    sync();
    servers.put(world.api.get(own.name));
    expect(changes.count).toBe(1);
    other.publish(new Map([['pool', ['t']]]));
    await world.advance(250);
    servers.put(world.api.get(other.name));
    expect(changes.count).toBe(2);
    servers.delete(world.api.get(other.name));
    expect([changes.count, servers.alive()]).toEqual([3, ['own']]);
  });

  test('A server drops out when its Lease was unchanged for 30 s, however often it is listed, and subscribers learn of it', async () => {
    const world = new World();
    const own = await startServer(world, 'own');
    const { name } = world.api.create({
      metadata: { name: 'warmpool-server-x', annotations: { [WAITING]: '{"pool":["t"]}' } },
      spec: { holderIdentity: 'other', renewTime: '2030-01-01T00:00:00.000000Z' },
    }).metadata;
    const { servers, changes, sync } = know(world, own);
    sync();
    await world.advance(29_999);
    sync();
    expect([servers.alive(), changes.count]).toEqual([['other', 'own'], 1]);
    await world.advance(1);
    expect([servers.alive(), tokens(servers), changes.count]).toEqual([['own'], {}, 2]);
    world.api.patch(name, [{ op: 'add', path: '/spec/renewTime', value: '2020-01-01T00:00:00.000000Z' }]);
    sync();
    expect([servers.alive(), changes.count]).toEqual([['other', 'own'], 3]);
  });

  test('Leases unchanged for 10 minutes are listed with their preconditions, the own one never', async () => {
    const world = new World();
    const own = new ServerLease({ leases: world.api.client(), identity: 'own', clock: world.clock });
    const other = world.api.create({ metadata: { name: 'x' }, spec: { holderIdentity: 'other' } });
    world.api.create({ metadata: { name: own.name }, spec: { holderIdentity: 'own' } });
    const { servers, sync } = know(world, own);
    sync();
    await world.advance(599_999);
    expect(servers.silent(600_000)).toEqual([]);
    await world.advance(1);
    const { name, uid, resourceVersion } = other.metadata;
    expect(servers.silent(600_000)).toEqual([{ name, uid, resourceVersion }]);
  });

  test('An annotation that is not JSON of a server names no callers', async () => {
    const world = new World();
    const own = await startServer(world, 'own');
    for (const [index, text] of ['{', '[]', '{"pool": "t"}'].entries())
      world.api.create({
        metadata: { name: `x${index}`, annotations: { [WAITING]: text } },
        spec: { holderIdentity: `x${index}` },
      });
    const { servers, sync } = know(world, own);
    sync();
    expect([servers.alive(), tokens(servers)]).toEqual([['own', 'x0', 'x1', 'x2'], {}]);
  });
});
