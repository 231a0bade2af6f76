// Terms of a leader, with an API server in memory and time that the test moves.
import { describe, expect, test } from 'vitest';
import { refusal, type Network, type Verb } from './lease-server.ts';
import { World } from './world.ts';

const NAME = 'warmpool-leader';
const HOUR_MS = 3_600_000;

/** A network that a test breaks: calls that hang until their deadline, and calls that are refused. */
const breakable = () => {
  const network = {
    hangs: false,
    refusal: undefined as { readonly code: number; readonly status: object } | undefined,
    isLate: false,
    call: (async (verb, carryOut, signal) => {
      if (network.refusal !== undefined) throw refusal(verb, network.refusal.code, network.refusal.status);
      if (network.hangs || network.isLate) {
        if (network.isLate) carryOut();
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(refusal(verb, 504, {}));
          });
        });
      }
      return carryOut();
    }) satisfies Network,
  };
  return network;
};

const FORBIDDEN = {
  code: 403,
  status: { reason: 'Forbidden', message: 'leases is forbidden: User "a" cannot get resource "leases"' },
};

describe('The first election', () => {
  test('The first server creates the Lease and leads, the second one knows who leads', async () => {
    const world = new World();
    const one = await world.started('one');
    const other = await world.started('other');
    expect([one.elector.isLeader(), other.elector.isLeader()]).toEqual([true, false]);
    expect(other.elector.leader).toBe('one');
    expect(world.api.get(NAME).spec).toEqual({
      holderIdentity: 'one',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:00.000000Z',
      leaseTransitions: 0,
    });
  });

  test('A leader renews the Lease in one term, and keeps the time at which it took it', async () => {
    const world = new World();
    const { events } = await world.started('one', undefined, { aheadMs: HOUR_MS });
    await world.advance(60_000);
    expect(events).toEqual(['elected']);
    const { acquireTime, renewTime, leaseTransitions } = world.api.get(NAME).spec;
    expect([acquireTime, leaseTransitions]).toEqual(['2026-01-01T01:00:00.000000Z', 0]);
    expect(renewTime).toMatch(/^2026-01-01T01:00:5[89]\.\d{3}000Z|^2026-01-01T01:01:00/);
  });

  test('A leader reads the Lease once and then only renews it', async () => {
    const world = new World();
    await world.started('one');
    await world.advance(20_000);
    expect(world.api.calls.slice(0, 2)).toEqual(['get', 'create']);
    expect(new Set<Verb>(world.api.calls.slice(2))).toEqual(new Set(['patch']));
  });
});

describe('A leader that has vanished', () => {
  test.each([
    ['an hour ahead', HOUR_MS],
    ['an hour late', -HOUR_MS],
  ])('Its Lease is taken after 15 s without a change, although its clock is %s', async (_what, aheadMs) => {
    const world = new World();
    const one = await world.started('one', undefined, { aheadMs });
    const other = await world.started('other');
    one.clock.pause();
    await world.advance(14_999);
    expect(other.elector.isLeader()).toBe(false);
    await world.advance(2_001);
    expect(other.elector.isLeader()).toBe(true);
    expect(world.api.get(NAME).spec).toMatchObject({ holderIdentity: 'other', leaseTransitions: 1 });
  });

  test('A server waits 15 s from when it first sees the Lease, however old its renewTime is', async () => {
    const world = new World();
    const one = await world.started('one');
    one.clock.pause();
    await world.advance(HOUR_MS);
    const other = await world.started('other');
    await world.advance(14_999);
    expect(other.elector.isLeader()).toBe(false);
    await world.advance(2_001);
    expect(other.elector.isLeader()).toBe(true);
  });

  test('A restarted server with the same identity leads at once', async () => {
    const world = new World();
    (await world.started('pod_uid')).clock.pause();
    await world.advance(1_000);
    const { elector } = await world.started('pod_uid');
    expect(elector.isLeader()).toBe(true);
    expect(world.api.get(NAME).spec).toMatchObject({ leaseTransitions: 0, acquireTime: '2026-01-01T00:00:00.000000Z' });
  });
});

describe('The end of a term', () => {
  test('A leader whose renewals hang leads until 10 s after it sent the last one that succeeded', async () => {
    const world = new World();
    const network = breakable();
    const one = await world.started('one', network.call);
    network.hangs = true;
    await world.advance(9_999);
    expect([one.elector.isLeader(), one.terms[0]?.aborted]).toEqual([true, false]);
    await world.advance(1);
    expect([one.elector.isLeader(), one.terms[0]?.aborted]).toEqual([false, true]);
    await world.advance(60_000);
    expect(one.events.filter((event) => event === 'deposed')).toHaveLength(1);
    network.hangs = false;
    await world.advance(8_000);
    expect(one.elector.isLeader()).toBe(true);
    expect(one.terms).toHaveLength(2);
  });

  test('Renewals that were carried out but not confirmed do not prolong the term', async () => {
    const world = new World();
    const network = breakable();
    const one = await world.started('one', network.call);
    network.isLate = true;
    await world.advance(9_999);
    expect(one.elector.isLeader()).toBe(true);
    await world.advance(1);
    expect(one.elector.isLeader()).toBe(false);
  });

  test('A process that was stopped for 30 s knows at once that it no longer leads', async () => {
    const world = new World();
    const one = await world.started('one');
    one.clock.pause();
    await world.advance(30_000);
    expect(one.events).toEqual(['elected']);
    expect(one.elector.isLeader()).toBe(false);
    expect(one.terms[0]?.aborted).toBe(true);
    one.clock.resume();
    await world.advance(0);
    expect(one.events).toEqual(['elected', 'deposed', 'elected']);
  });

  test('A leader that finds another holder is deposed once', async () => {
    const world = new World();
    const one = await world.started('one');
    world.api.patch(NAME, [{ op: 'add', path: '/spec/holderIdentity', value: 'other' }]);
    await world.advance(5_000);
    expect([one.events, one.elector.leader]).toEqual([['elected', 'deposed'], 'other']);
  });

  test('A Lease that was given back is taken by the next server within 2 s', async () => {
    const world = new World();
    const one = await world.started('one');
    const other = await world.started('other');
    await world.advance(3_000);
    await one.elector.stop();
    expect(one.events).toEqual(['elected', 'deposed']);
    expect(world.api.get(NAME).spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
    await world.advance(2_000);
    expect(other.elector.isLeader()).toBe(true);
    expect(world.api.get(NAME).spec).toMatchObject({ holderIdentity: 'other', leaseDurationSeconds: 15 });
  });

  test('A leader that stops during a renewal gives the Lease back, whether the renewal was carried out or not', async () => {
    for (const fault of ['hangs', 'isLate'] as const) {
      const world = new World();
      const network = breakable();
      const one = await world.started('one', network.call);
      network[fault] = true;
      await world.advance(3_000);
      const stopped = one.elector.stop();
      network[fault] = false;
      await stopped;
      expect(world.api.get(NAME).spec.holderIdentity).toBe('');
    }
  });

  test('A server that stops while it does not lead leaves the Lease alone, and never tries again', async () => {
    const world = new World();
    await world.started('one');
    const other = await world.started('other');
    await Promise.all([other.elector.stop(), other.elector.stop()]);
    expect(world.api.get(NAME).spec.holderIdentity).toBe('one');
    expect(other.events).toEqual([]);
  });

  test('A server that stops while the API server does not respond has stopped after 2 s', async () => {
    const world = new World();
    const network = breakable();
    const one = await world.started('one', network.call);
    network.hangs = true;
    await world.advance(3_000);
    let hasStopped = false;
    void one.elector.stop().then(() => {
      hasStopped = true;
    });
    expect(one.elector.isLeader()).toBe(false);
    await world.advance(2_000);
    await world.advance(0);
    expect(hasStopped).toBe(true);
  });
});

describe('Other writers', () => {
  test('A leader whose Lease is edited keeps its term', async () => {
    const world = new World();
    const one = await world.started('one');
    world.api.patch(NAME, [{ op: 'add', path: '/metadata/annotations', value: { note: 'x' } }]);
    await world.advance(30_000);
    expect(one.events).toEqual(['elected']);
    expect(world.api.get(NAME).metadata.annotations).toEqual({ note: 'x' });
  });

  test('A deleted Lease is created again by its leader, in the same term', async () => {
    const world = new World();
    const one = await world.started('one');
    const other = await world.started('other');
    world.api.delete(NAME);
    await world.advance(10_000);
    expect([one.events, other.events]).toEqual([['elected'], []]);
    expect(world.api.get(NAME).spec.holderIdentity).toBe('one');
  });

  test('A deleted Lease whose leader has vanished is created by another server after 15 s', async () => {
    const world = new World();
    const one = await world.started('one');
    const other = await world.started('other');
    one.clock.pause();
    world.api.delete(NAME);
    await world.advance(14_999);
    expect(other.elector.isLeader()).toBe(false);
    await world.advance(2_001);
    expect(other.elector.isLeader()).toBe(true);
  });
});

describe('Problems', () => {
  test('Without the permission, no server leads, and the problem says what to do; with it, one leads', async () => {
    const world = new World();
    const network = breakable();
    network.refusal = FORBIDDEN;
    const { elector, events } = await world.started('one', network.call);
    await world.advance(10_000);
    const problem =
      'The Lease "warmpool-leader" cannot be read or written: User "a" cannot get resource "leases". Apply the Role of deploy/server.yaml.';
    expect([elector.problem, elector.isLeader()]).toEqual([problem, false]);
    network.refusal = undefined;
    await world.advance(2_000);
    expect(events).toEqual([problem, 'elected', 'no problem']);
    expect(elector.problem).toBeUndefined();
  });

  test('A leader that loses the permission leads until its 10 s are over', async () => {
    const world = new World();
    const network = breakable();
    const { elector } = await world.started('one', network.call);
    network.refusal = FORBIDDEN;
    await world.advance(9_000);
    expect([elector.isLeader(), elector.problem]).toEqual([true, expect.any(String)]);
    await world.advance(2_000);
    expect(elector.isLeader()).toBe(false);
  });
});
