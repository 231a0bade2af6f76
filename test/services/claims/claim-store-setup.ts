// What the suites of the ClaimStore port run on.
import type { RecycleType } from '../../../src/contract/strategies.ts';
import type { ClaimDraft, ClaimStore, StoredClaim } from '../../../src/services/claims/ports.ts';
import type { MemberReader, PoolStore } from '../../../src/services/pools/ports.ts';
import type { Pool } from '../../../src/services/pools/pool.ts';
import { capacity, specification } from '../../support/pools.ts';

/** A store whose controller runs, with a clock that the test moves. */
export type ClaimStoreSetup = {
  readonly claims: ClaimStore;
  readonly store: PoolStore;
  readonly members: MemberReader;
  readonly now: () => number;
  /** Lets time pass, in milliseconds. */
  readonly advance: (ms: number) => Promise<void>;
  /** Until the returned function is called, nothing can be written. */
  readonly failWrites: () => Promise<() => Promise<void>>;
};

/** The store, and a pool `a` with this many members that are ready. */
export const withPool = async (open: () => Promise<ClaimStoreSetup>, size: number, recycle: RecycleType = 'Delete') => {
  const setup = await open();
  const { claims, store, now, advance } = setup;
  const draft = (more: Partial<ClaimDraft> = {}): ClaimDraft => ({
    launch: 'warm',
    ttlSeconds: 60,
    labels: undefined,
    createdAtMs: now(),
    leaseMs: 60_000,
    ...more,
  });
  const create = async (name: string, ofSize: number): Promise<Pool> => {
    const pool = await store.create(name, {
      ...specification({
        capacitySpec: capacity(ofSize, ofSize, 0, ofSize),
        scaleStrategy: { maxUnavailable: '100%' },
        updateStrategy: { maxUnavailable: 1 },
      }),
      recycleStrategy: { type: recycle },
    });
    await advance(10_000);
    return pool;
  };
  const pool = await create('a', size);
  const bind = async (more?: Partial<ClaimDraft>, of = pool): Promise<StoredClaim> => {
    const stored = await claims.bind(of, draft(more));
    if (stored === undefined) throw new Error('No member is idle.');
    return stored;
  };
  const idsOf = async (includesEnded: boolean, poolUid?: string) =>
    (await claims.list({ poolUid, includesEnded })).map(({ claim }) => claim.id);
  return { ...setup, pool, create, draft, bind, idsOf };
};
