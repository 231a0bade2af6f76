// Journals of servers on one API server in memory, and decisions for them.
import { expect, onTestFinished } from 'vitest';
import type { Decision } from '../../../../src/contract/decision.ts';
import { rfc3339 } from '../../../../src/lib/clock.ts';
import { ConfigMapJournal } from '../../../../src/services/kubernetes/journal/config-map-journal.ts';
import { PoolIndex } from '../../../../src/services/pools/pool-index.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { storedPool } from '../../../support/pools.ts';
import { ObjectServer, runUntil } from './object-server.ts';

export const decision = (sentence: string, more: Partial<Decision> = {}): Omit<Decision, 'id'> => ({
  pool: 'a',
  at: rfc3339(Date.parse('2026-01-01T00:00:00Z')),
  generation: 1,
  observed: { total: 0, allocated: 0, available: 0, starting: 0, unmet: 0 },
  desired: 1,
  create: 1,
  remove: [],
  reasons: [{ code: 'BufferMin', message: 'The buffer is below bufferMin.' }],
  sentence,
  ...more,
});

/** Pools have their name as uid. */
export const startJournals = async (poolNames: readonly string[]) => {
  const clock = new FakeClock();
  const api = await ObjectServer.start(clock);
  const pools = new PoolIndex();
  for (const name of poolNames) pools.put(storedPool(name));
  const open = (own: { clock?: FakeClock; isLeader?: () => boolean } = {}) => {
    const options = { namespace: 'default', pools, clock, isLeader: () => true, ...own };
    const journal = new ConfigMapJournal({ connection: api.connect(), ...options });
    journal.start();
    onTestFinished(async () => {
      const closed = journal.close();
      options.clock.moveTo(options.clock.now() + 3_000);
      await closed;
    });
    return journal;
  };
  return {
    api,
    clock,
    pools,
    /** The journal of a server, by default of the leader. */
    open,
    /** One whose watch has listed what is stored. */
    openSynced: async (own: Parameters<typeof open>[0] = {}) => {
      const journal = open(own);
      await journal.list(storedPool(poolNames[0] ?? ''), 1);
      return journal;
    },
    /** Lets time pass until so many writes have arrived. */
    written: (writes: number) => runUntil(clock, api, () => api.writes.length >= writes),
    /** Sentences of the stored decisions, newest first. */
    stored: (name: string) => storedIn(api, name).map(({ sentence }) => sentence),
    storedIn: (name: string) => storedIn(api, name),
  };
};

const storedIn = (api: ObjectServer, uid: string): Decision[] => {
  const text = api.get('configmaps', `warmpool-decisions-${uid}`)?.data?.decisions ?? '';
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Decision]));
};

/** Sentences of what a journal lists, newest first. */
export const listed = async (journal: ConfigMapJournal, name: string): Promise<string[]> =>
  (await journal.list(storedPool(name), 500)).map(({ sentence }) => sentence);

/** Ids are unique and grow. */
export const expectGrowing = (newestFirst: readonly Decision[]): void => {
  const ids = newestFirst.map(({ id }) => Number(id)).reverse();
  expect(ids).toEqual([...new Set(ids)].sort((one, other) => one - other));
};
