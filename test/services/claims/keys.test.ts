// Claims with an Idempotency-Key: the key names the claim, not the connection.
import { describe, expect, test } from 'vitest';
import { capacity, specification } from '../../support/pools.ts';
import { keyed, startClaims } from './start-claims.ts';

const EXHAUSTED = 'KUBERNETES::POOL_CAPACITY_EXHAUSTED';
const REUSED = 'IDEMPOTENCY::KEY_REUSED';

/** A pool whose only member is held, and its claim. */
const exhausted = async () => {
  const it = await startClaims();
  await it.readyPool('a', 1, { recycle: 'Noop' });
  return { ...it, held: await it.claimed('a') };
};

describe('Requests with the same key', () => {
  test('Requests with the same key that run at the same time create one claim', async () => {
    const { claims, readyPool, liveCount } = await startClaims();
    await readyPool('a', 3);
    const both = await Promise.all([claims.create('a', {}, keyed('k')), claims.create('a', {}, keyed('k'))]);
    expect(new Set(both.map(({ claim: { id } }) => id)).size).toBe(1);
    expect(both.map(({ isReplay }) => isReplay)).toEqual([false, true]);
    expect(await liveCount()).toBe(1);
  });

  test('Requests with the same key share one place in line', async () => {
    const { claims, held, join, outcomes, unmet, advance, liveCount } = await exhausted();
    join('1', 'a', { waitSeconds: 60 }, keyed('k'));
    join('2', 'a', { waitSeconds: 60 });
    join('3', 'a', { waitSeconds: 60 }, keyed('k'));
    await advance(1_000);
    expect(await unmet('a')).toBe(2);
    await claims.release(held.id);
    await advance(0);
    expect(outcomes).toEqual(['1: bound', '3: replayed']);
    expect(await liveCount()).toBe(1);
  });

  test('Each request of a shared place has its own deadline', async () => {
    const { claims, held, join, outcomes, advance } = await exhausted();
    join('short', 'a', { waitSeconds: 5 }, keyed('k'));
    join('long', 'a', { waitSeconds: 60 }, keyed('k'));
    join('none', 'a', { waitSeconds: 0 }, keyed('k'));
    await advance(5_001);
    expect(outcomes).toEqual([`none: ${EXHAUSTED}`, `short: ${EXHAUSTED}`]);
    await claims.release(held.id);
    await advance(0);
    expect(outcomes.slice(2)).toEqual(['long: replayed']);
  });

  test('A shared place is given up when the last of its requests has gone', async () => {
    const { claims, held, join, unmet, advance, liveCount } = await exhausted();
    const [one, other] = [new AbortController(), new AbortController()];
    join('1', 'a', { waitSeconds: 60 }, { ...keyed('k'), signal: one.signal });
    join('2', 'a', { waitSeconds: 60 }, { ...keyed('k'), signal: other.signal });
    await advance(1_000);
    one.abort();
    await advance(1_000);
    expect(await unmet('a')).toBe(1);
    other.abort();
    await advance(1_000);
    await claims.release(held.id);
    await advance(1_000);
    expect(await unmet('a')).toBe(0);
    expect(await liveCount()).toBe(0);
  });

  test('A retry after the place was given up starts at the end of the line', async () => {
    const { claims, held, join, outcomes, advance } = await exhausted();
    join('given up', 'a', { waitSeconds: 1 }, keyed('k'));
    join('other', 'a', { waitSeconds: 60 });
    await advance(1_001);
    join('retry', 'a', { waitSeconds: 60 }, keyed('k'));
    await advance(0);
    await claims.release(held.id);
    await advance(0);
    expect(outcomes).toEqual([`given up: ${EXHAUSTED}`, 'other: bound']);
  });
});

describe('A key that was used before', () => {
  test('Another body with the key of a request in line gets KEY_REUSED; another waitSeconds does not', async () => {
    const { claim, join, outcomes, settle } = await exhausted();
    join('1', 'a', { waitSeconds: 60, ttlSeconds: 10 }, keyed('k'));
    await settle();
    expect(await claim('a', { waitSeconds: 60, ttlSeconds: 11 }, keyed('k'))).toBe(REUSED);
    expect(await claim('a', { waitSeconds: 60, ttlSeconds: 10, labels: { x: 'y' } }, keyed('k'))).toBe(REUSED);
    expect(await claim('a', { waitSeconds: 0, ttlSeconds: 10 }, keyed('k'))).toBe(EXHAUSTED);
    expect(outcomes).toEqual([]);
  });

  test('Another body with the key of a claim gets KEY_REUSED; another waitSeconds, or the default written out, does not', async () => {
    const { claims, claim, readyPool } = await startClaims();
    await readyPool('a', 3);
    const { claim: first } = await claims.create('a', {}, keyed('k'));
    expect(await claim('a', { ttlSeconds: 11 }, keyed('k'))).toBe(REUSED);
    expect(await claim('a', { ttlSeconds: 3_600, waitSeconds: 60 }, keyed('k'))).toBe(first.member.name);
  });

  test('The pool in the path is part of the request', async () => {
    const { claim, join, pools, readyPool, settle } = await startClaims();
    await readyPool('a', 1);
    await pools.create('b', specification({ capacitySpec: capacity(0, 0, 0, 0) }));
    await claim('a', {}, keyed('bound'));
    join('1', 'b', { waitSeconds: 60 }, keyed('in line'));
    await settle();
    expect(await claim('b', {}, keyed('bound'))).toBe(REUSED);
    expect(await claim('a', {}, keyed('in line'))).toBe(REUSED);
  });

  test('Another caller with the same key creates its own claim', async () => {
    const { claims, readyPool } = await startClaims();
    await readyPool('a', 2);
    const ofOther = { retry: { key: 'k', caller: 'other', options: {} } };
    const [one, other] = [await claims.create('a', {}, keyed('k')), await claims.create('a', {}, ofOther)];
    expect(other.claim.id).not.toBe(one.claim.id);
  });

  test('A claim that has ended is replayed as it ended, even after a restart and if its pool is deleted', async () => {
    const first = await startClaims();
    await first.readyPool('a', 1);
    const { claim } = await first.claims.create('a', {}, keyed('k'));
    await first.claims.release(claim.id);
    expect(await first.claims.create('a', {}, keyed('k'))).toMatchObject({
      isReplay: true,
      claim: { id: claim.id, state: 'released' },
    });
    await first.pools.delete('a');
    await first.stop();
    const second = await startClaims({ folder: first.folder, clock: first.clock });
    expect(await second.claims.create('a', {}, keyed('k'))).toMatchObject({ claim: { id: claim.id } });
  });

  test('A key is free again once its claim is forgotten', async () => {
    const { claims, readyPool, jump } = await startClaims();
    await readyPool('a', 2);
    const { claim } = await claims.create('a', {}, keyed('k'));
    await claims.release(claim.id);
    await jump(3_602_000);
    const again = await claims.create('a', {}, keyed('k'));
    expect(again.isReplay).toBe(false);
    expect(again.claim.id).not.toBe(claim.id);
  });

  test('A key that was used again after 24 hours belongs to the newer claim, even if the older one is renewed', async () => {
    const { claims, readyPool, jump } = await startClaims();
    await readyPool('a', 2);
    const { claim: old } = await claims.create('a', { ttlSeconds: 604_800 }, keyed('k'));
    await jump(86_400_000);
    const { claim: newer } = await claims.create('a', { ttlSeconds: 604_800 }, keyed('k'));
    expect(newer.id).not.toBe(old.id);
    await claims.renew(old.id);
    expect(await claims.create('a', { ttlSeconds: 604_800 }, keyed('k'))).toMatchObject({ claim: { id: newer.id } });
  });
});
