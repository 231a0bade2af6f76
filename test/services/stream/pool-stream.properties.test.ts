// Whatever changes in whatever order: a client that resumes has the same pools as the store.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../src/services/local/sqlite/database.ts';
import type { SqlitePoolStore } from '../../../src/services/local/sqlite/sqlite-pool-store.ts';
import { labelled, relabelled, startPoolStream } from './start-pool-stream.ts';
import { StreamClient } from './stream-client.ts';

const change = fc.record({
  kind: fc.constantFrom('create' as const, 'label' as const, 'delete' as const),
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  team: fc.constantFrom('x', 'y'),
});

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

/** What changes before the client receives again, how many events it receives then, and what it does next. */
const round = fc.record({
  changes: fc.array(change, { minLength: 1, maxLength: 5 }),
  received: fc.nat(6),
  isDisconnected: fc.boolean(),
  receivesAll: fc.boolean(),
});

const ignore = () => undefined;

const apply = async (store: SqlitePoolStore, { kind, name, team }: Change, version: number) => {
  const labels = { team, version: String(version) };
  switch (kind) {
    case 'create':
      return store.create(name, labelled(labels)).catch(ignore);
    case 'label':
      return store.update(name, () => relabelled(labels)).catch(ignore);
    case 'delete':
      return store.delete(name, ignore).catch(ignore);
  }
};

test.each([{}, { labelSelector: 'team=x' }, { name: 'a' }])(
  'A client with the selectors %j that resumes has the pools of the store',
  async (selectors) => {
    const isSelected = ({ name, team }: { name: string; team: string | undefined }) =>
      (!('name' in selectors) || name === selectors.name) && (!('labelSelector' in selectors) || team === 'x');

    const run = fc.asyncProperty(
      fc.array(round, { maxLength: 10 }),
      fc.constantFrom(3, 1_000),
      async (rounds, remembered) => {
        const database = openDatabase(':memory:');
        const { store, stream, changesArrived } = startPoolStream({
          rememberedChanges: remembered,
          batchMax: { pools: 3, characters: 65_536 },
          database,
        });
        const client = new StreamClient(stream, selectors);
        await client.connect();
        const expectSamePools = async () => {
          client.receive();
          const selected = (await store.list()).filter(({ name, specification: { labels } }) =>
            isSelected({ name, team: labels.team }),
          );
          const versions = selected.map(({ name, uid, resourceVersion }) => [`${name} ${uid}`, resourceVersion]);
          expect([...client.known].sort()).toEqual(versions.sort());
        };
        let version = 0;
        for (const { changes, received, isDisconnected, receivesAll } of rounds) {
          for (const it of changes) {
            await apply(store, it, version++);
            await changesArrived();
          }
          client.receive(received);
          if (isDisconnected) {
            client.disconnect();
            await client.connect();
          }
          if (receivesAll) await expectSamePools();
        }
        await expectSamePools();
        await stream.close();
        database.close();
      },
    );
    await fc.assert(run, { numRuns: 300 });
  },
);
