// Claims whose members end, are evicted or belong to a pool that is deleted; and what does not end a claim.
import { describe, expect, test } from 'vitest';
import type { Database } from '../../../src/services/local/sqlite/database.ts';
import type { Options } from '../../support/local-runtime.ts';
import { capacity, specification } from '../../support/pools.ts';
import { ScriptedDriver } from './scripted-driver.ts';
import { startClaims } from './start-claims.ts';

const scripted = async (options: Options = {}) => {
  const drivers: ScriptedDriver[] = [];
  const it = await startClaims({
    ...options,
    wrap: (driver, { clock }) => {
      const script = new ScriptedDriver(driver, clock);
      drivers.push(script);
      return script.overrides();
    },
  });
  const [driver] = drivers;
  if (driver === undefined) throw new Error('The runtime created no driver.');
  return { ...it, driver };
};

describe('A member that ends while a claim holds it', () => {
  test.each([
    ['fails', 'MemberFailed', { phase: 'failed', message: 'out of memory' }],
    ['terminates', 'MemberTerminating', { phase: 'terminating', message: 'node drained' }],
  ] as const)('A claim whose member %s is lost immediately, with the reason %s', async (_, reason, change) => {
    const { driver, claims, claimed, settle, readyPool } = await scripted();
    await readyPool('a', 1, { recycle: 'Noop' });
    const { id, member } = await claimed('a');
    driver.report(member.name, change);
    await settle();
    expect(await claims.get(id)).toMatchObject({ state: 'lost', reason, member: { message: change.message } });
  });

  test('A claim whose member disappears is lost immediately, and the pool replaces the member', async () => {
    const { driver, claims, claimed, settle, advance, statusOf, readyPool } = await scripted();
    await readyPool('a', 1);
    const { id, member } = await claimed('a');
    await driver.vanish(member.name);
    await settle();
    expect(await claims.get(id)).toMatchObject({ state: 'lost', reason: 'MemberGone' });
    await advance(10_000);
    expect(await statusOf('a')).toMatchObject({ total: 1, allocated: 0, available: 1 });
  });

  test('A claim whose member ended while no server ran is lost at the next start', async () => {
    const first = await scripted();
    await first.readyPool('a', 2);
    const [one, other] = [await first.claimed('a'), await first.claimed('a')];
    await first.driver.vanish(one.member.name);
    // Closed before the end of the claim is stored.
    await first.stop();
    const { claims, settle } = await startClaims({ folder: first.folder, clock: first.clock });
    await settle();
    expect((await claims.get(one.id)).state).toBe('lost');
    expect(await claims.get(other.id)).toMatchObject({ state: 'bound' });
  });
});

describe('A held member that is not ready', () => {
  test('A held member stays held while its probe fails, whatever time passes, and its claim shows why', async () => {
    const { driver, claims, claimed, advance, membersOf, conditionsOf, readyPool } = await scripted();
    await readyPool('a', 1);
    const { id, member } = await claimed('a', { ttlSeconds: 3_600 });
    driver.report(member.name, { phase: 'starting', message: 'probe failed: 503', restarts: 2 });
    await advance(600_000);
    expect(await claims.get(id)).toMatchObject({ state: 'bound', member: { message: 'probe failed: 503' } });
    expect((await claims.list({})).claims).toMatchObject([{ member: { message: 'probe failed: 503' } }]);
    expect(await membersOf('a')).toMatchObject([{ name: member.name, allocated: true, claimId: id, restarts: 2 }]);
    expect(await conditionsOf('a')).toMatchObject({ Degraded: 'Healthy' });
  });

  test('A claim has the address that its member has now, when it is read and when it is renewed', async () => {
    const { driver, claims, claimed, advance, readyPool } = await scripted();
    await readyPool('a', 1);
    const { id, member } = await claimed('a');
    driver.report(member.name, { address: '172.17.0.9', restarts: 1 });
    await advance(0);
    expect((await claims.get(id)).member).toEqual({ name: member.name, address: '172.17.0.9' });
    expect((await claims.renew(id)).member).toEqual({ name: member.name, address: '172.17.0.9' });
  });

  test('A pool grows to bufferMin even if members that claims hold are not ready', async () => {
    const { driver, pools, claimed, advance, statusOf, readyPool } = await scripted();
    await readyPool('a', 7, { poolMax: 20 });
    const held = await Promise.all(Array.from({ length: 7 }, () => claimed('a')));
    for (const { member } of held.slice(0, 4)) driver.report(member.name, { phase: 'starting' });
    // One at a time: a start that waited for the held ones would wait forever.
    await pools.update('a', { capacitySpec: capacity(5, 10, 0, 20), scaleStrategy: { maxUnavailable: 1 } });
    await advance(60_000);
    const status = await statusOf('a');
    expect(status).toMatchObject({ allocated: 7 });
    expect(status?.available).toBeGreaterThanOrEqual(5);
  });

  test.each(['Delete', 'Restart', 'Noop'] as const)(
    'A member that is not ready when its claim ends is removed under %s',
    async (recycle) => {
      const { driver, claims, claimed, advance, membersOf, readyPool } = await scripted();
      await readyPool('a', 1, { recycle });
      const { id, member } = await claimed('a');
      driver.report(member.name, { phase: 'starting' });
      await advance(0);
      await claims.release(id);
      await advance(10_000);
      const members = await membersOf('a');
      expect(members).toMatchObject([{ phase: 'ready', allocated: false }]);
      expect(members[0]?.name).not.toBe(member.name);
    },
  );
});

describe('Deleting a pool', () => {
  test('A pool whose members are held is in use, until exactly the last of its claims has ended', async () => {
    const { pools, claims, claimed, readyPool } = await startClaims();
    await readyPool('a', 2);
    const [one, other] = [await claimed('a'), await claimed('a')];
    await expect(pools.delete('a')).rejects.toMatchObject({
      code: 'POOL::IN_USE',
      message: expect.stringContaining('2 allocated members. Release them first') as string,
    });
    await claims.release(one.id);
    await expect(pools.delete('a')).rejects.toMatchObject({
      message: expect.stringContaining('1 allocated member. Release it first') as string,
    });
    await claims.release(other.id);
    await pools.delete('a');
    await expect(pools.get('a')).rejects.toMatchObject({ code: 'KUBERNETES::POOL_NOT_FOUND' });
  });

  test('Of a delete and a claim at the same time only one succeeds', async () => {
    const { pools, claims, claimed, readyPool } = await startClaims();
    for (const isClaimFirst of [true, false]) {
      await readyPool('a', 1);
      const calls = [() => claimed('a'), () => pools.delete('a')];
      const results = await Promise.allSettled((isClaimFirst ? calls : calls.reverse()).map((call) => call()));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const live = (await claims.list({})).claims.map(({ id }) => id);
      if (live.length > 0) await pools.delete('a', { isForced: true });
    }
  });

  test('A forced delete ends the claims of the pool as lost, and stops its members', async () => {
    const { pools, claims, claimed, advance, ports, readyPool } = await startClaims();
    await readyPool('a', 2, { recycle: 'Noop' });
    await readyPool('b', 1);
    const [held, of, released] = [await claimed('a'), await claimed('b'), await claimed('a')];
    await claims.release(released.id);
    const pool = await pools.get('a');
    await pools.delete('a', { isForced: true });
    expect(await claims.get(held.id)).toMatchObject({ state: 'lost', reason: 'PoolDeleted' });
    expect(await claims.get(released.id)).toMatchObject({ state: 'released' });
    expect(await claims.get(of.id)).toMatchObject({ state: 'bound' });
    await advance(10_000);
    expect(await ports.members.list(pool)).toEqual([]);
  });

  test('A claim that is being bound when its pool is deleted by force is lost or refused, never live', async () => {
    const { pools, claims, claim, readyPool, settle } = await startClaims();
    for (const isClaimFirst of [true, false]) {
      await readyPool('a', 1);
      const calls = [() => claim('a'), () => pools.delete('a', { isForced: true })];
      await Promise.all((isClaimFirst ? calls : calls.reverse()).map((call) => call()));
      await settle();
      expect((await claims.list({})).claims).toEqual([]);
    }
  });

  test('A forced delete that cannot be committed leaves the claims as they are', async () => {
    const databases: Database[] = [];
    const { pools, claims, claimed, membersOf, readyPool } = await startClaims({
      wrap: (_, { database }) => {
        databases.push(database);
        return {};
      },
    });
    await readyPool('a', 1, { recycle: 'Noop' });
    const { id } = await claimed('a');
    for (const database of databases) {
      const exec = database.exec.bind(database);
      let failures = 1;
      database.exec = (sql) => {
        if (sql === 'COMMIT' && failures-- > 0) throw Object.assign(new Error('disk is full'), { errcode: 13 });
        exec(sql);
      };
    }
    await expect(pools.delete('a', { isForced: true })).rejects.toMatchObject({ code: 'KUBERNETES::POOL_API_ERROR' });
    expect(await claims.renew(id)).toMatchObject({ state: 'bound' });
    expect(await claims.release(id)).toMatchObject({ state: 'released' });
    expect(await membersOf('a')).toMatchObject([{ phase: 'ready', allocated: false }]);
  });

  test('Of two deletes of one pool at the same time the second gets 404', async () => {
    const { pools, readyPool } = await startClaims();
    await readyPool('a', 1);
    const results = await Promise.allSettled([pools.delete('a'), pools.delete('a')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(results[1]).toMatchObject({ reason: { code: 'KUBERNETES::POOL_NOT_FOUND' } });
  });
});

describe('Evicting a member', () => {
  test('A member that is evicted is stopped and replaced', async () => {
    const { claims, advance, membersOf, readyPool } = await startClaims();
    await readyPool('a', 1);
    const [member] = await membersOf('a');
    await claims.evict('a', member?.name ?? '');
    expect(await membersOf('a')).toMatchObject([{ phase: 'terminating' }]);
    await advance(10_000);
    const [next, ...others] = await membersOf('a');
    expect(others).toEqual([]);
    expect(next).toMatchObject({ phase: 'ready' });
    expect(next?.name).not.toBe(member?.name);
  });

  test('A held member is not evicted without force; with force its claim is lost and no strategy keeps it', async () => {
    const { claims, claimed, advance, membersOf, readyPool } = await startClaims();
    await readyPool('a', 1, { recycle: 'Noop' });
    const { id, member } = await claimed('a');
    await expect(claims.evict('a', member.name)).rejects.toMatchObject({ code: 'MEMBER::IN_USE' });
    expect(await claims.get(id)).toMatchObject({ state: 'bound' });
    await claims.evict('a', member.name, true);
    expect(await claims.get(id)).toMatchObject({ state: 'lost', reason: 'Evicted' });
    expect(await membersOf('a')).toMatchObject([{ phase: 'terminating', allocated: false }]);
    await advance(10_000);
    expect((await membersOf('a')).map(({ name }) => name)).not.toContain(member.name);
  });

  test('A forced eviction at the same time as a release stops the member', async () => {
    const { claims, claimed, advance, membersOf, readyPool } = await startClaims();
    await readyPool('a', 1, { recycle: 'Noop' });
    const { id, member } = await claimed('a');
    await Promise.all([claims.release(id), claims.evict('a', member.name, true)]);
    await advance(10_000);
    expect((await membersOf('a')).map(({ name }) => name)).not.toContain(member.name);
  });

  test('A member of another pool, or that does not exist, gets MEMBER::NOT_FOUND', async () => {
    const { pools, claims, membersOf, readyPool } = await startClaims();
    await readyPool('a', 1);
    await pools.create('b', specification());
    const [member] = await membersOf('a');
    for (const name of [member?.name ?? '', 'none'])
      await expect(claims.evict('b', name)).rejects.toMatchObject({ code: 'MEMBER::NOT_FOUND' });
    await expect(claims.evict('none', 'x')).rejects.toMatchObject({ code: 'KUBERNETES::POOL_NOT_FOUND' });
  });
});
