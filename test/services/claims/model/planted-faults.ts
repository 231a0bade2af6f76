// Faults that the checker of claims has to find, each planted at the edge of the claim service.
import { rfc3339 } from '../../../../src/lib/clock.ts';
import type { ClaimStore, StoredClaim } from '../../../../src/services/claims/ports.ts';
import type { Database } from '../../../../src/services/local/sqlite/database.ts';
import type { Plant } from './server-process.ts';

const withOverrides = (store: ClaimStore, overrides: Partial<ClaimStore>): ClaimStore => ({
  refusal: store.refusal,
  refusalOf: (pool) => store.refusalOf(pool),
  hasIdle: (uid) => store.hasIdle(uid),
  bind: (pool, draft) => store.bind(pool, draft),
  update: (id, change) => store.update(id, change),
  end: (id, end) => store.end(id, end),
  get: (id) => store.get(id),
  list: (options) => store.list(options),
  recall: (key) => store.recall(key),
  findByRetryKey: (key) => store.findByRetryKey(key),
  evict: (pool, member, options) => store.evict(pool, member, options),
  setUnmet: (uid, count) => {
    store.setUnmet(uid, count);
  },
  membersOf: (uid) => store.membersOf(uid),
  subscribe: (onIdle) => {
    store.subscribe(onIdle);
  },
  expired: (nowMs) => store.expired(nowMs),
  forget: (endedBeforeMs) => store.forget(endedBeforeMs),
  ...overrides,
});

/** The second claim gets the member of the first. */
export const doubleBind = (): Plant => ({
  claims: (store) => {
    const forged: StoredClaim[] = [];
    let first: StoredClaim | undefined;
    return withOverrides(store, {
      bind: async (pool, draft) => {
        const stored = await store.bind(pool, draft);
        if (first === undefined || stored === undefined) return (first ??= stored);
        const copy = { ...stored, claim: { ...first.claim, id: 'forged' } };
        forged.push(copy);
        return copy;
      },
      list: async (options) => [...(await store.list(options)), ...forged],
    });
  },
});

/** The end is reported, and nothing happens. */
export const lostEnd = (): Plant => ({
  claims: (store) =>
    withOverrides(store, {
      end: async (id, end) => {
        const stored = await store.get(id);
        if (stored === undefined || end.state !== 'released') return store.end(id, end);
        return { ...stored, claim: { ...stored.claim, ...end, endedAt: rfc3339(stored.expiresAtMs) } };
      },
    }),
});

/** A key is never found again. */
export const unfairKey = (): Plant => ({
  claims: (store) => withOverrides(store, { findByRetryKey: () => undefined }),
});

/** SQLite does nothing for statements that begin with this, and reports one change. */
const ignore = (database: Database, beginning: string, noOperation: string): void => {
  const prepare = database.prepare.bind(database);
  database.prepare = (sql) => prepare(sql.startsWith(beginning) ? noOperation : sql);
};

export const forgottenClaims = (): Plant => ({
  database: (database) => {
    ignore(database, 'INSERT INTO claims', "UPDATE resource_version SET newest = newest WHERE ?1 || ?2 || ?3 <> ''");
  },
});

/** Orders to recycle are not stored, and the first server cannot carry them out either. */
export const droppedOrders = (): Plant => {
  let stops = 1;
  return {
    database: (database) => {
      ignore(
        database,
        'INSERT OR REPLACE INTO recycling',
        "UPDATE resource_version SET newest = newest WHERE ?1 || ?2 <> ''",
      );
    },
    driver: (driver) => {
      driver.before = (call) => {
        if (call === 'stop' && stops-- > 0) throw new Error('unreachable');
      };
    },
  };
};

/** The driver accepts every stop, and nothing happens. */
export const deafDriver = (): Plant => ({
  driver: (driver) => {
    driver.ignoredStops = Infinity;
  },
});
