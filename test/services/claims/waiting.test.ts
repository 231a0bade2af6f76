// Clients in line for a member.
import { describe, expect, test } from 'vitest';
import { capacity, specification } from '../../support/pools.ts';
import { keyed, startClaims } from './start-claims.ts';

const EXHAUSTED = 'KUBERNETES::POOL_CAPACITY_EXHAUSTED';
const NOT_FOUND = 'KUBERNETES::POOL_NOT_FOUND';

/** A pool whose only member is held, and its claim. */
const exhausted = async (options: Parameters<typeof startClaims>[0] = {}) => {
  const it = await startClaims(options);
  await it.readyPool('a', 1, { recycle: 'Noop' });
  return { ...it, held: await it.claimed('a') };
};

type Join = Awaited<ReturnType<typeof startClaims>>['join'];

/** A client that hangs up while a member is being bound for it. */
const hangUpWhileBinding = async (join: Join, options: Parameters<Join>[3] = {}) => {
  const hangUp = new AbortController();
  join('gone', 'a', {}, { ...options, signal: hangUp.signal });
  await Promise.resolve();
  await Promise.resolve();
  // By now the request has read the pool, and its claim is being stored.
  hangUp.abort();
};

describe('The line', () => {
  test('Clients in line are served first come, first served', async () => {
    const { claims, held, join, outcomes, settle } = await exhausted();
    for (const name of ['1', '2', '3']) join(name, 'a', { waitSeconds: 60 });
    await settle();
    expect(outcomes).toEqual([]);
    let current = held.id;
    for (let served = 1; served <= 3; served++) {
      await claims.release(current);
      await settle();
      current = (await claims.list({})).claims[0]?.id ?? '';
    }
    expect(outcomes).toEqual(['1: bound', '2: bound', '3: bound']);
  });

  test('A client that comes while others are in line does not overtake them', async () => {
    const { claims, held, join, outcomes, settle } = await exhausted();
    join('first', 'a', { waitSeconds: 60 });
    await settle();
    const released = claims.release(held.id);
    join('late', 'a', { waitSeconds: 60 });
    await released;
    join('later', 'a', { waitSeconds: 0 });
    await settle();
    expect(outcomes).toEqual([`later: ${EXHAUSTED}`, 'first: bound']);
  });

  test('A client that does not wait gets 429 immediately, with a Retry-After', async () => {
    const { claims, unmet, advance } = await exhausted();
    await expect(claims.create('a', {})).rejects.toMatchObject({ code: EXHAUSTED, retryAfterSeconds: 300 });
    await advance(2_000);
    expect(await unmet('a')).toBe(0);
  });

  test('The 429 of a pool at poolMax says when the next lease ends', async () => {
    const { claims, claimed, advance, readyPool } = await startClaims();
    await readyPool('a', 2);
    await claimed('a', { ttlSeconds: 600 });
    const { expiresAt } = await claimed('a', { ttlSeconds: 60 });
    await advance(18_000);
    await expect(claims.create('a', {})).rejects.toMatchObject({
      message: `Pool "a" has no free member: poolMax is 2, and 2 members exist, 2 held by claims. Release claims, raise poolMax, or wait longer (waitSeconds). The next lease ends at ${expiresAt} (in 42 s) unless it is renewed.`,
    });
  });

  test('A client whose time is up gets 429 if the pool is at poolMax', async () => {
    const { join, outcomes, advance } = await exhausted();
    join('x', 'a', { waitSeconds: 5 });
    await advance(4_999);
    expect(outcomes).toEqual([]);
    await advance(1);
    await advance(0);
    expect(outcomes).toEqual([`x: ${EXHAUSTED}`]);
  });

  test('A client whose time is up gets 504 if members are starting', async () => {
    const { pools, join, outcomes, advance } = await startClaims({
      wrap: (driver) => ({
        async *watch(signal) {
          for await (const event of driver.watch(signal))
            if (event.type !== 'present' || event.member.phase !== 'ready') yield event;
        },
      }),
    });
    await pools.create('a', specification({ capacitySpec: capacity(1, 1) }));
    await advance(1_000);
    join('x', 'a', { waitSeconds: 5 });
    await advance(5_000);
    await advance(0);
    expect(outcomes).toEqual(['x: CLAIM::TIMEOUT']);
  });

  test('Clients in line make the pool grow for them, up to poolMax', async () => {
    const { pools, join, outcomes, advance, statusOf } = await startClaims();
    await pools.create('a', specification({ capacitySpec: capacity(0, 0, 0, 3) }));
    for (const name of ['1', '2', '3', '4']) join(name, 'a', { waitSeconds: 60 });
    await advance(30_000);
    expect(outcomes).toEqual(['1: bound', '2: bound', '3: bound']);
    expect(await statusOf('a')).toMatchObject({ total: 3, allocated: 3 });
    await advance(30_001);
    expect(outcomes).toContain(`4: ${EXHAUSTED}`);
  });

  test('A claim is warm if a member was free when the request arrived, and cold otherwise', async () => {
    const { claims, claimed, advance, readyPool } = await startClaims();
    await readyPool('a', 1, { poolMax: 2 });
    expect(await claimed('a')).toMatchObject({ launch: 'warm' });
    const waiting = claims.create('a', { waitSeconds: 30 });
    await advance(10_000);
    expect((await waiting).claim).toMatchObject({ launch: 'cold' });
  });

  test('A claim is created when the request arrived, and its lease begins when a member is bound', async () => {
    const { claims, held, clock, advance } = await exhausted();
    const start = clock.now();
    const waiting = claims.create('a', { waitSeconds: 30, ttlSeconds: 10 });
    await advance(5_000);
    await claims.release(held.id);
    const { claim } = await waiting;
    expect([claim.createdAt, claim.boundAt, claim.expiresAt].map((time) => Date.parse(time) - start)).toEqual([
      0, 5_000, 15_000,
    ]);
  });
});

describe('Hanging up', () => {
  test('A client without a key that hangs up leaves the line', async () => {
    const { claims, held, join, outcomes, advance, liveCount } = await exhausted();
    const hangUp = new AbortController();
    join('gone', 'a', { waitSeconds: 60 }, { signal: hangUp.signal });
    join('next', 'a', { waitSeconds: 60 });
    await advance(0);
    hangUp.abort();
    await claims.release(held.id);
    await advance(0);
    expect(outcomes).toEqual(['gone: CLAIM::TIMEOUT', 'next: bound']);
    expect(await liveCount()).toBe(1);
  });

  test('A member that is bound for a client without a key that hangs up meanwhile is released', async () => {
    const { claims, join, outcomes, advance, readyPool } = await startClaims();
    await readyPool('a', 1);
    await hangUpWhileBinding(join);
    await advance(0);
    expect(outcomes).toEqual(['gone: CLAIM::TIMEOUT']);
    expect((await claims.list({ state: 'all' })).claims.map(({ state }) => state)).toEqual(['released']);
  });

  test('A request that has hung up before it is carried out binds nothing', async () => {
    const { claim, claims, readyPool } = await startClaims();
    await readyPool('a', 1);
    expect(await claim('a', {}, { signal: AbortSignal.abort() })).toBe('CLAIM::TIMEOUT');
    expect((await claims.list({ state: 'all' })).claims).toEqual([]);
  });

  test('What was bound for a client with a key that hung up stays for the retry', async () => {
    const { claims, join, outcomes, advance, liveCount, readyPool } = await startClaims();
    await readyPool('a', 1);
    await hangUpWhileBinding(join, keyed('k'));
    await advance(0);
    expect(outcomes).toEqual(['gone: CLAIM::TIMEOUT']);
    expect(await liveCount()).toBe(1);
    expect(await claims.create('a', {}, keyed('k'))).toMatchObject({ isReplay: true, claim: { state: 'bound' } });
  });

  test('A claim for a client that hung up is released even if the store fails once', async () => {
    const { claims, ports, join, advance, readyPool } = await startClaims();
    await readyPool('a', 1);
    await hangUpWhileBinding(join);
    const end = ports.claims.end.bind(ports.claims);
    let failures = 1;
    ports.claims.end = (id, how) => (failures-- > 0 ? Promise.reject(new Error('disk full')) : end(id, how));
    await advance(0);
    expect((await claims.list({})).claims).toHaveLength(1);
    await advance(1_000);
    expect((await claims.list({ state: 'all' })).claims.map(({ state }) => state)).toEqual(['released']);
  });
});

describe('The bounds of the line', () => {
  test('At most 1 000 clients wait for one pool; the next one gets SERVER::BUSY with a Retry-After', async () => {
    const { claims, join, outcomes, settle } = await exhausted();
    for (let client = 0; client < 1_000; client++) join(String(client), 'a', { waitSeconds: 60 });
    await settle();
    await expect(claims.create('a', { waitSeconds: 60 })).rejects.toMatchObject({
      code: 'SERVER::BUSY',
      retryAfterSeconds: 10,
    });
    expect(outcomes).toEqual([]);
    await claims.close();
    await settle();
    expect(outcomes).toHaveLength(1_000);
  });

  test('At most 5 000 clients wait for all pools, and one that leaves makes room', async () => {
    const { pools, claim, join, outcomes, advance, settle } = await startClaims();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
      await pools.create(name, specification({ capacitySpec: capacity(0, 0, 0, 0) }));
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      for (let client = 0; client < 1_000; client++)
        join(name, name, { waitSeconds: name === 'e' && client === 0 ? 1 : 300 });
    await settle();
    expect(await claim('f', { waitSeconds: 1 })).toBe('SERVER::BUSY');
    await advance(1_001);
    expect(outcomes).toEqual([`e: ${EXHAUSTED}`]);
    join('f', 'f', { waitSeconds: 1 });
    await advance(1_001);
    expect(outcomes).toEqual([`e: ${EXHAUSTED}`, `f: ${EXHAUSTED}`]);
  });
});

describe('The end of a wait', () => {
  test('A server that stops ends every wait with SERVER::SHUTTING_DOWN, and accepts no more claims', async () => {
    const { claims, claim, join, outcomes, settle } = await exhausted();
    join('1', 'a', { waitSeconds: 60 });
    join('2', 'a', { waitSeconds: 60 }, keyed('k'));
    await settle();
    await claims.close();
    await settle();
    expect(outcomes).toEqual(['1: SERVER::SHUTTING_DOWN', '2: SERVER::SHUTTING_DOWN']);
    expect(await claim('a', { waitSeconds: 60 })).toBe('SERVER::SHUTTING_DOWN');
  });

  test('A pool that is deleted ends the waits for it immediately with 404', async () => {
    const { pools, join, outcomes, settle } = await exhausted();
    join('x', 'a', { waitSeconds: 60 });
    await settle();
    await pools.delete('a', { isForced: true });
    await settle();
    expect(outcomes).toEqual([`x: ${NOT_FOUND}`]);
  });

  test('A pool that is created again under the same name does not serve those who waited for the old one', async () => {
    const { pools, join, outcomes, advance } = await exhausted();
    join('old', 'a', { waitSeconds: 60 });
    await advance(0);
    await pools.delete('a', { isForced: true });
    await pools.create('a', specification({ capacitySpec: capacity(1, 1) }));
    join('new', 'a', { waitSeconds: 60 });
    await advance(30_000);
    expect(outcomes).toEqual([`old: ${NOT_FOUND}`, 'new: bound']);
  });

  test('A claim of a pool that does not exist gets 404', async () => {
    const { claim } = await startClaims();
    expect(await claim('a', { waitSeconds: 60 })).toBe(NOT_FOUND);
  });
});
