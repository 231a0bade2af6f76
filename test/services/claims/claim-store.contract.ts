// The definition of the ClaimStore port: every store passes this suite.
import { describe, expect, test } from 'vitest';
import { rfc3339 } from '../../../src/lib/clock.ts';
import type { StoredClaim } from '../../../src/services/claims/ports.ts';
import { newRetryRecord } from '../../../src/services/idempotency/retry-record.ts';
import { template } from '../../support/pools.ts';
import { describeClaimedMembers } from './claim-store-members.contract.ts';
import { withPool, type ClaimStoreSetup } from './claim-store-setup.ts';

const NOT_FOUND = { code: 'CLAIM::NOT_FOUND' };
const nothing = () => undefined;

export const describeClaimStore = (open: () => Promise<ClaimStoreSetup>): void => {
  describe('bind', () => {
    test('bind returns a live claim on a ready member, from now until the end of its lease', async () => {
      const { claims, members, pool, bind, now } = await withPool(open, 1);
      const [member] = await members.list(pool);
      const { claim, expiresAtMs } = await bind({
        ttlSeconds: 90,
        leaseMs: 30_000,
        labels: { x: 'y' },
        launch: 'cold',
      });
      expect(expiresAtMs).toBe(now() + 30_000);
      expect(claim).toMatchObject({
        pool: 'a',
        poolUid: pool.uid,
        state: 'bound',
        member: { name: member?.name },
        launch: 'cold',
        ttlSeconds: 90,
        labels: { x: 'y' },
      });
      expect(Date.parse(claim.expiresAt)).toBe(expiresAtMs);
      expect(claim.id).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
      expect((await claims.get(claim.id))?.claim).toEqual(claim);
      expect(await members.list(pool)).toMatchObject([{ allocated: true, claimId: claim.id }]);
    });

    test('bind returns undefined if no member is idle, and hasIdle agrees', async () => {
      const { claims, pool, draft, bind } = await withPool(open, 1);
      expect(claims.hasIdle(pool.uid)).toBe(true);
      await bind();
      expect(claims.hasIdle(pool.uid)).toBe(false);
      expect(await claims.bind(pool, draft())).toBeUndefined();
    });

    test('Of 200 concurrent binds on 50 members each member gets one', async () => {
      const { claims, pool, draft, idsOf } = await withPool(open, 50);
      const results = await Promise.all(Array.from({ length: 200 }, () => claims.bind(pool, draft())));
      const bound = results.filter((stored) => stored !== undefined);
      expect(bound).toHaveLength(50);
      expect(new Set(bound.map(({ claim }) => claim.member.name)).size).toBe(50);
      expect(new Set(bound.map(({ claim }) => claim.id)).size).toBe(50);
      expect(await idsOf(false)).toHaveLength(50);
    });

    test('Members are handed out in the order in which they became ready', async () => {
      const { members, pool, bind } = await withPool(open, 5);
      const readyAt = (name: string, list: readonly { name: string; readyAt?: string | undefined }[]) =>
        Date.parse(list.find((member) => member.name === name)?.readyAt ?? '');
      const list = await members.list(pool);
      const times: number[] = [];
      for (let count = 0; count < 5; count++) times.push(readyAt((await bind()).claim.member.name, list));
      expect(times).toEqual([...times].sort((one, other) => one - other));
    });

    test('Members of the current revision are handed out before stale ones', async () => {
      const { store, members, bind, advance } = await withPool(open, 4);
      const { after } = await store.update('a', ({ specification: it }) => ({
        specification: { ...it, template: template('next:1') },
        touchesMetadata: false,
      }));
      const ready = async () => (await members.list(after)).filter(({ phase }) => phase === 'ready');
      while (!(await ready()).some(({ stale }) => !stale)) await advance(100);
      const before = await ready();
      expect(before.filter(({ stale }) => stale).length).toBeGreaterThan(0);
      const { claim } = await bind({}, after);
      expect(before.find(({ name }) => name === claim.member.name)).toMatchObject({ stale: false });
    });

    test('A bind at the same time as the deletion of its pool leaves no live claim, and none succeeds later', async () => {
      const { claims, store, pool, draft, idsOf } = await withPool(open, 1);
      const deleted = store.delete('a', nothing);
      const bound = claims.bind(pool, draft()).catch((error: unknown) => error);
      await Promise.all([deleted, bound]);
      expect(codeOf(await claims.bind(pool, draft()).catch((error: unknown) => error))).not.toBe('bound');
      expect(await idsOf(false)).toEqual([]);
    });
  });

  describe('update', () => {
    const renewed = (stored: StoredClaim): StoredClaim => ({
      ...stored,
      expiresAtMs: stored.expiresAtMs + 1,
      claim: {
        ...stored.claim,
        ttlSeconds: stored.claim.ttlSeconds + 1,
        expiresAt: rfc3339(stored.expiresAtMs + 1),
      },
    });

    test('update stores what the change returns; a change that throws stores nothing', async () => {
      const { claims, bind } = await withPool(open, 1);
      const stored = await bind();
      const { id } = stored.claim;
      expect(await claims.update(id, renewed)).toEqual(renewed(stored));
      const refused = claims.update(id, () => {
        throw new Error('refused');
      });
      await expect(refused).rejects.toThrow('refused');
      expect(await claims.get(id)).toEqual(renewed(stored));
      await expect(claims.update('none', renewed)).rejects.toMatchObject(NOT_FOUND);
    });

    test('No concurrent update is lost', async () => {
      const { claims, bind } = await withPool(open, 1);
      const { claim } = await bind();
      await Promise.all(Array.from({ length: 10 }, () => claims.update(claim.id, renewed)));
      expect((await claims.get(claim.id))?.claim.ttlSeconds).toBe(70);
    });

    test('An update at the same time as an end does not revive the claim', async () => {
      const { claims, bind } = await withPool(open, 1);
      const { claim } = await bind();
      const change = (present: StoredClaim) => {
        if (present.claim.state !== 'bound') throw new Error('ended');
        return renewed(present);
      };
      await Promise.allSettled([
        claims.update(claim.id, change),
        claims.end(claim.id, { state: 'released' }),
        claims.update(claim.id, change),
      ]);
      expect((await claims.get(claim.id))?.claim.state).toBe('released');
    });
  });

  describe('end', () => {
    test('end stores how and when the claim ended; the claim stays readable', async () => {
      const { claims, bind, idsOf, now } = await withPool(open, 2);
      const [one, other] = [await bind(), await bind()];
      const { claim } = await claims.end(one.claim.id, { state: 'released' });
      expect(claim).toMatchObject({ ...one.claim, state: 'released' });
      expect(Date.parse(claim.endedAt ?? '')).toBe(now());
      const lost = await claims.end(other.claim.id, { state: 'lost', reason: 'Because' });
      expect(lost.claim).toMatchObject({ state: 'lost', reason: 'Because' });
      expect((await claims.get(claim.id))?.claim).toEqual(claim);
      expect(await idsOf(false)).toEqual([]);
      expect(await idsOf(true)).toHaveLength(2);
    });

    test('end returns a claim that has ended as it is', async () => {
      const { claims, bind, advance } = await withPool(open, 1);
      const { claim } = await bind();
      const [first, second] = await Promise.all([
        claims.end(claim.id, { state: 'released' }),
        claims.end(claim.id, { state: 'expired' }),
      ]);
      expect(second).toEqual(first);
      await advance(1_000);
      expect(await claims.end(claim.id, { state: 'lost', reason: 'Because' })).toEqual(first);
      await expect(claims.end('none', { state: 'released' })).rejects.toMatchObject(NOT_FOUND);
    });

    test('Nobody gets the member of an ended claim under Delete, and the pool replaces it', async () => {
      const { claims, pool, bind, advance } = await withPool(open, 1);
      const { claim } = await bind();
      await claims.end(claim.id, { state: 'released' });
      expect(claims.hasIdle(pool.uid)).toBe(false);
      await advance(20_000);
      expect((await bind()).claim.member.name).not.toBe(claim.member.name);
    });

    test('The member of an ended claim is idle again under Noop', async () => {
      const { claims, bind, advance } = await withPool(open, 1, 'Noop');
      const { claim } = await bind();
      await claims.end(claim.id, { state: 'expired' });
      await advance(1_000);
      const again = await bind();
      expect(again.claim.member.name).toBe(claim.member.name);
      expect(again.claim.id).not.toBe(claim.id);
    });

    test('A pool that is deleted ends its claims as lost', async () => {
      const { claims, store, bind, create } = await withPool(open, 1);
      const other = await create('b', 1);
      const [ofA, ofB] = [await bind(), await bind({}, other)];
      await store.delete('a', nothing);
      expect((await claims.get(ofA.claim.id))?.claim).toMatchObject({ state: 'lost', reason: 'PoolDeleted' });
      expect((await claims.get(ofB.claim.id))?.claim.state).toBe('bound');
    });
  });

  describe('list, expired and forget', () => {
    test('A list is ordered by creation time and id, of one pool or of all', async () => {
      const { claims, bind, create, idsOf, now, pool } = await withPool(open, 4);
      const other = await create('b', 1);
      const late = await bind({ createdAtMs: now() });
      const early = await bind({ createdAtMs: now() - 5_000 });
      const same = [await bind({ createdAtMs: now() - 1_000 }), await bind({ createdAtMs: now() - 1_000 }, other)];
      const tied = same.map(({ claim }) => claim.id).sort();
      expect(await idsOf(false)).toEqual([early.claim.id, ...tied, late.claim.id]);
      expect(await idsOf(false, other.uid)).toEqual([same[1]?.claim.id]);
      await claims.end(early.claim.id, { state: 'released' });
      expect(await idsOf(false)).toEqual([...tied, late.claim.id]);
      expect(await idsOf(true)).toEqual([early.claim.id, ...tied, late.claim.id]);
      expect(await idsOf(true, pool.uid)).not.toContain(same[1]?.claim.id);
    });

    test('expired has the live claims whose time is up', async () => {
      const { claims, bind, now } = await withPool(open, 3);
      const ended = await bind({ leaseMs: 1_000 });
      const due = await bind({ leaseMs: 1_000 });
      await bind({ leaseMs: 1_001 });
      await claims.end(ended.claim.id, { state: 'released' });
      expect(claims.expired(now() + 999)).toEqual([]);
      expect(claims.expired(now() + 1_000)).toEqual([due.claim.id]);
    });

    test('forget removes claims that ended before a time, and no live ones', async () => {
      const { claims, bind, idsOf, now, advance } = await withPool(open, 3);
      const [old, recent, live] = [await bind(), await bind(), await bind()];
      await claims.end(old.claim.id, { state: 'released' });
      await advance(1_000);
      await claims.end(recent.claim.id, { state: 'released' });
      await claims.forget(now() - 500);
      expect(await claims.get(old.claim.id)).toBeUndefined();
      await expect(claims.end(old.claim.id, { state: 'released' })).rejects.toMatchObject(NOT_FOUND);
      expect((await idsOf(true)).sort()).toEqual([recent.claim.id, live.claim.id].sort());
    });
  });

  describe('findByRetryKey', () => {
    test('findByRetryKey finds the current claim from its creation until it is forgotten', async () => {
      const { claims, bind, now } = await withPool(open, 1);
      const request = { key: 'k', caller: 'c', operation: 'claims.create', options: {}, body: {} };
      const retry = newRetryRecord(request, now());
      expect(claims.findByRetryKey(retry.key)).toBeUndefined();
      const stored = await bind({ retry });
      expect(claims.findByRetryKey(retry.key)).toEqual(stored);
      expect(claims.findByRetryKey(retry.body)).toBeUndefined();
      const ended = await claims.end(stored.claim.id, { state: 'released' });
      expect(claims.findByRetryKey(retry.key)).toEqual(ended);
      await claims.forget(now() + 1);
      expect(claims.findByRetryKey(retry.key)).toBeUndefined();
    });
  });

  describeClaimedMembers(open);
};

const codeOf = (result: unknown): unknown =>
  result instanceof Error && 'code' in result ? result.code : result === undefined ? undefined : 'bound';
