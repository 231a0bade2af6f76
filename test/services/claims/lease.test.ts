// How long a claim holds its member, and what is remembered of it afterwards.
import { describe, expect, test } from 'vitest';
import { startClaims } from './start-claims.ts';

const secondsFrom = (startMs: number, time: string | undefined) => (Date.parse(time ?? '') - startMs) / 1_000;

describe('Renewing', () => {
  test('A renewal counts from now, may shorten the lease, and by default has the duration of the claim', async () => {
    const { claims, claimed, clock, advance, readyPool } = await startClaims();
    await readyPool('a', 1);
    const startMs = clock.now();
    const { id } = await claimed('a', { ttlSeconds: 100 });
    await advance(10_000);
    expect(secondsFrom(startMs, (await claims.renew(id)).expiresAt)).toBe(110);
    expect(secondsFrom(startMs, (await claims.renew(id, 5)).expiresAt)).toBe(15);
    expect(await claims.renew(id)).toMatchObject({ ttlSeconds: 5 });
    await advance(6_000);
    expect(await claims.get(id)).toMatchObject({ state: 'expired' });
  });

  test('A renewal after the claim has expired gets CLAIM::ENDED even before it is ended', async () => {
    const { claims, claimed, clock, advance, readyPool } = await startClaims();
    await readyPool('a', 1);
    await advance(500);
    const { id } = await claimed('a', { ttlSeconds: 1 });
    clock.moveTo(clock.now() + 1_000);
    expect(await claims.get(id)).toMatchObject({ state: 'bound' });
    await expect(claims.renew(id)).rejects.toMatchObject({ code: 'CLAIM::ENDED' });
  });

  test('A renewal of an ended claim gets CLAIM::ENDED, which says how it ended', async () => {
    const { claims, claimed, readyPool } = await startClaims();
    await readyPool('a', 1);
    const { id } = await claimed('a');
    await claims.release(id);
    await expect(claims.renew(id)).rejects.toMatchObject({
      code: 'CLAIM::ENDED',
      message: expect.stringContaining('was released') as string,
    });
    await expect(claims.renew('none')).rejects.toMatchObject({ code: 'CLAIM::NOT_FOUND' });
  });

  test('No claim is held longer than its maximum lifetime, renewals included', async () => {
    const { claims, claimed, clock, advance, readyPool } = await startClaims({ maxLifetimeSeconds: 60 });
    await readyPool('a', 1);
    const startMs = clock.now();
    const claim = await claimed('a', { ttlSeconds: 100 });
    expect(claim).toMatchObject({ ttlSeconds: 100 });
    expect(secondsFrom(startMs, claim.expiresAt)).toBe(60);
    await advance(50_000);
    expect(secondsFrom(startMs, (await claims.renew(claim.id, 5)).expiresAt)).toBe(55);
    expect(secondsFrom(startMs, (await claims.renew(claim.id, 100)).expiresAt)).toBe(60);
  });
});

describe('Expiring', () => {
  test('A claim ends within a second after it has expired, not before', async () => {
    const { claims, claimed, advance, readyPool } = await startClaims();
    await readyPool('a', 1);
    const { id, expiresAt } = await claimed('a', { ttlSeconds: 10 });
    await advance(9_999);
    expect(await claims.get(id)).toMatchObject({ state: 'bound' });
    await advance(1_001);
    const ended = await claims.get(id);
    expect(ended).toMatchObject({ state: 'expired', expiresAt });
    const delayMs = Date.parse(ended.endedAt ?? '') - Date.parse(expiresAt);
    expect(delayMs).toBeGreaterThanOrEqual(0);
    expect(delayMs).toBeLessThanOrEqual(1_000);
  });

  test('A claim that expired while no server ran ends at the next start', async () => {
    const first = await startClaims();
    await first.readyPool('a', 2);
    const short = await first.claimed('a', { ttlSeconds: 10 });
    const long = await first.claimed('a', { ttlSeconds: 1_000 });
    await first.stop();
    first.clock.moveTo(first.clock.now() + 60_000);
    const { claims, settle } = await startClaims({ folder: first.folder, clock: first.clock });
    await settle();
    expect(await claims.get(short.id)).toMatchObject({ state: 'expired' });
    expect(await claims.get(long.id)).toMatchObject({ state: 'bound', member: long.member });
  });

  test('A sweep that fails is reported, and a later one ends the claims', async () => {
    const failures: unknown[] = [];
    const { claims, ports, claimed, advance, readyPool } = await startClaims();
    ports.observer.claimSweepFailed = (error) => failures.push(error);
    await readyPool('a', 1);
    const { id } = await claimed('a', { ttlSeconds: 1 });
    const end = ports.claims.end.bind(ports.claims);
    let errors = 2;
    ports.claims.end = (...args) => (errors-- > 0 ? Promise.reject(new Error('disk full')) : end(...args));
    await advance(2_500);
    expect(failures).toHaveLength(2);
    expect(await claims.get(id)).toMatchObject({ state: 'bound' });
    await advance(1_000);
    expect(await claims.get(id)).toMatchObject({ state: 'expired' });
  });
});

describe('Releasing', () => {
  test('A release may be repeated, and does not change how a claim ended', async () => {
    const { claims, claimed, advance, readyPool } = await startClaims();
    await readyPool('a', 1);
    const { id } = await claimed('a');
    const ended = await claims.release(id);
    expect(ended).toMatchObject({ state: 'released' });
    await advance(5_000);
    expect(await claims.release(id)).toEqual(ended);
    expect(await claims.get(id)).toEqual(ended);
    await expect(claims.release('none')).rejects.toMatchObject({ code: 'CLAIM::NOT_FOUND' });
  });

  test('An ended claim is remembered for one hour, across restarts', async () => {
    const first = await startClaims();
    await first.readyPool('a', 2);
    const { id } = await first.claimed('a');
    const live = await first.claimed('a', { ttlSeconds: 604_800 });
    await first.claims.release(id);
    await first.stop();
    const { claims, jump } = await startClaims({ folder: first.folder, clock: first.clock });
    await jump(3_599_000);
    expect(await claims.get(id)).toMatchObject({ state: 'released' });
    await jump(2_000);
    await expect(claims.get(id)).rejects.toMatchObject({ code: 'CLAIM::NOT_FOUND' });
    expect(await claims.get(live.id)).toMatchObject({ state: 'bound' });
  });

  test('At most 10 000 ended claims are remembered, the newest ones', async () => {
    const { claims, claimed, settle, advance, readyPool, liveCount } = await startClaims();
    await readyPool('a', 1, { recycle: 'Noop' });
    const first = await claimed('a');
    await claims.release(first.id);
    const second = await claimed('a');
    await claims.release(second.id);
    for (let round = 0; round < 9_999; round++) await claims.release((await claimed('a')).id);
    await advance(1_000);
    await settle();
    await expect(claims.get(first.id)).rejects.toMatchObject({ code: 'CLAIM::NOT_FOUND' });
    expect(await claims.get(second.id)).toMatchObject({ state: 'released' });
    expect(await liveCount()).toBe(0);
  });
});

describe('Lists', () => {
  test('A list has the live claims in the order of their creation, and with state=all the ended ones', async () => {
    const { claims, claimed, advance, readyPool } = await startClaims();
    await readyPool('a', 2);
    await readyPool('b', 1);
    const ids: string[] = [];
    for (const pool of ['a', 'b', 'a']) {
      ids.push((await claimed(pool)).id);
      await advance(10);
    }
    await claims.release(ids[0] ?? '');
    const list = async (options: Parameters<typeof claims.list>[0]) =>
      (await claims.list(options)).claims.map(({ id }) => id);
    expect(await list({})).toEqual(ids.slice(1));
    expect(await list({ state: 'all' })).toEqual(ids);
    expect(await list({ pool: 'a' })).toEqual([ids[2]]);
    expect(await list({ pool: 'a', state: 'all' })).toEqual([ids[0], ids[2]]);
    await expect(claims.list({ pool: 'none' })).rejects.toMatchObject({ code: 'KUBERNETES::POOL_NOT_FOUND' });
  });

  test('Pages neither repeat nor omit a claim while others come and go', async () => {
    const { claims, claimed, advance, readyPool } = await startClaims();
    await readyPool('a', 12);
    const ids: string[] = [];
    for (let count = 0; count < 8; count++) {
      ids.push((await claimed('a')).id);
      // Several claims have the same creation time.
      if (count % 3 === 0) await advance(1);
    }
    const all = (await claims.list({})).claims.map(({ id }) => id);
    expect([...all].sort()).toEqual([...ids].sort());
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const page = await claims.list({ limit: 2, ...(token !== undefined && { continue: token }) });
      seen.push(...page.claims.map(({ id }) => id));
      if (page.more) expect(page.more.count).toBeGreaterThan(0);
      token = page.more?.token;
      // What was listed ends, the last of the page, too; and a new one comes.
      if (seen.length <= 4) await claims.release(seen.at(-1) ?? '');
      await advance(1);
      if (seen.length <= 4) await claimed('a');
    } while (token !== undefined);
    expect(seen.slice(0, 8)).toEqual(all);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('A token is refused by a list of another pool, state or selector', async () => {
    const { claims, claimed, readyPool } = await startClaims();
    await readyPool('a', 3);
    for (let count = 0; count < 3; count++) await claimed('a', { labels: { x: 'y' } });
    const token = (await claims.list({ limit: 1 })).more?.token ?? '';
    for (const other of [{ pool: 'a' }, { state: 'all' as const }, { labelSelector: 'x=y' }])
      await expect(claims.list({ ...other, continue: token })).rejects.toMatchObject({ code: 'REQUEST::INVALID' });
    expect((await claims.list({ limit: 2, continue: token })).claims).toHaveLength(2);
  });

  test('A label selector selects claims by their labels', async () => {
    const { claims, claimed, readyPool } = await startClaims();
    await readyPool('a', 3);
    const x = await claimed('a', { labels: { job: 'x' } });
    await claimed('a', { labels: { job: 'y' } });
    await claimed('a');
    const { claims: selected } = await claims.list({ labelSelector: 'job in (x, z)' });
    expect(selected.map(({ id }) => id)).toEqual([x.id]);
  });
});
