// What a ClaimStore does to members: eviction, demand, and what happens if it cannot write.
import { describe, expect, test } from 'vitest';
import { capacity } from '../../support/pools.ts';
import { withPool, type ClaimStoreSetup } from './claim-store-setup.ts';

export const describeClaimedMembers = (open: () => Promise<ClaimStoreSetup>): void => {
  describe('evict', () => {
    test('evict refuses an unknown member, one of another pool, and a held one without force', async () => {
      const { claims, members, pool, bind, create } = await withPool(open, 1);
      const other = await create('b', 1);
      const [ofB] = await members.list(other);
      const isForced = true;
      for (const name of ['none', ofB?.name ?? ''])
        await expect(claims.evict(pool, name, { isForced })).rejects.toMatchObject({ code: 'MEMBER::NOT_FOUND' });
      const { claim } = await bind();
      await expect(claims.evict(pool, claim.member.name, { isForced: false })).rejects.toMatchObject({
        code: 'MEMBER::IN_USE',
      });
      expect((await claims.get(claim.id))?.claim.state).toBe('bound');
    });

    test('evict stops an idle member, and with force a held one, whose claim is lost', async () => {
      const { claims, members, pool, bind, advance } = await withPool(open, 2, 'Noop');
      const { claim } = await bind();
      const idle = (await members.list(pool)).find(({ allocated }) => !allocated)?.name ?? '';
      await claims.evict(pool, idle, { isForced: false });
      await claims.evict(pool, claim.member.name, { isForced: true });
      expect(claims.hasIdle(pool.uid)).toBe(false);
      expect((await claims.get(claim.id))?.claim).toMatchObject({ state: 'lost', reason: 'Evicted' });
      await advance(20_000);
      const names = (await members.list(pool)).map(({ name }) => name);
      expect(names).toHaveLength(2);
      expect(names).not.toContain(idle);
      expect(names).not.toContain(claim.member.name);
    });
  });

  describe('Demand', () => {
    test('A pool grows for clients that wait, as setUnmet reports', async () => {
      const { claims, store, members, advance } = await withPool(open, 0);
      await store.update('a', ({ specification: it }) => ({
        specification: { ...it, capacitySpec: capacity(0, 0, 0, 5) },
        touchesMetadata: false,
      }));
      const pool = await store.get('a');
      claims.setUnmet(pool.uid, 3);
      await advance(10_000);
      expect(await members.list(pool)).toHaveLength(3);
      expect(claims.membersOf(pool.uid)).toMatchObject({ existing: 3, startingSinceMs: [], live: [] });
    });

    test('subscribe reports the pool whenever a member becomes idle', async () => {
      const { claims, pool, bind, create, advance } = await withPool(open, 1, 'Noop');
      const reported: string[] = [];
      claims.subscribe((uid) => {
        if (claims.hasIdle(uid)) reported.push(uid);
      });
      const { claim } = await bind();
      expect(reported).toEqual([]);
      await claims.end(claim.id, { state: 'released' });
      await advance(1_000);
      expect(reported).toEqual([pool.uid]);
      const other = await create('b', 2);
      expect(new Set(reported)).toEqual(new Set([pool.uid, other.uid]));
    });
  });

  describe('A write that fails', () => {
    test('A bind that cannot be stored leaves the member idle and the claim unknown', async () => {
      const { claims, pool, draft, bind, idsOf, failWrites } = await withPool(open, 2);
      const repair = await failWrites();
      const results = await Promise.allSettled([claims.bind(pool, draft()), claims.bind(pool, draft())]);
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(claims.hasIdle(pool.uid)).toBe(true);
      expect(await idsOf(true)).toEqual([]);
      await repair();
      const [one, other] = [await bind(), await bind()];
      expect(one.claim.member.name).not.toBe(other.claim.member.name);
    });

    test('An end or an update that cannot be stored changes nothing, and can be repeated', async () => {
      const { claims, members, pool, bind, failWrites } = await withPool(open, 1);
      const stored = await bind();
      const { id } = stored.claim;
      const repair = await failWrites();
      await expect(claims.end(id, { state: 'released' })).rejects.toThrow();
      await expect(claims.update(id, (present) => ({ ...present, expiresAtMs: 0 }))).rejects.toThrow();
      expect(await claims.get(id)).toEqual(stored);
      expect(await members.list(pool)).toMatchObject([{ allocated: true, claimId: id }]);
      await repair();
      expect((await claims.end(id, { state: 'released' })).claim.state).toBe('released');
    });
  });
};
