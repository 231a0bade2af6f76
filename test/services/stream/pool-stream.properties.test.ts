// Whatever happens in whatever order: a client that goes on where it was cut off knows what the store has.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../src/services/local/sqlite/database.ts';
import type { SqlitePoolStore } from '../../../src/services/local/sqlite/sqlite-pool-store.ts';
import { openStream, relabelled, specification } from './open-stream.ts';
import { StreamClient } from './stream-client.ts';

const change = fc.record({
  kind: fc.constantFrom('create' as const, 'label' as const, 'delete' as const),
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  team: fc.constantFrom('x', 'y'),
});

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

/** What happens before the client receives again, how many events it receives then, and how it goes on. */
const round = fc.record({
  changes: fc.array(change, { minLength: 1, maxLength: 5 }),
  received: fc.nat(6),
  end: fc.constantFrom('cut' as const, 'cut and receive all' as const, 'receive all' as const, 'stay' as const),
});

const ignore = () => undefined;

const carryOut = async (store: SqlitePoolStore, { kind, name, team }: Change, version: number) => {
  const labels = { team, version: String(version) };
  switch (kind) {
    case 'create':
      return store.create(name, specification(labels)).catch(ignore);
    case 'label':
      return store.update(name, () => relabelled(labels)).catch(ignore);
    case 'delete':
      return store.delete(name, ignore).catch(ignore);
  }
};

test.each([{}, { labelSelector: 'team=x' }, { name: 'a' }])('a client with the selectors %j', async (selectors) => {
  const isMeant = ({ name, team }: { name: string; team: string | undefined }) =>
    (!('name' in selectors) || name === selectors.name) && (!('labelSelector' in selectors) || team === 'x');

  const run = fc.asyncProperty(
    fc.array(round, { maxLength: 10 }),
    fc.constantFrom(3, 1_000),
    async (rounds, remembered) => {
      const database = openDatabase(':memory:');
      const { store, stream, settle } = openStream({
        rememberedChanges: remembered,
        batchMax: { pools: 3, characters: 65_536 },
        database,
      });
      const client = new StreamClient(stream, selectors);
      await client.connect();
      const expectToKnowAll = async () => {
        client.receive();
        const meant = (await store.list()).filter(({ name, specification: { labels } }) =>
          isMeant({ name, team: labels.team }),
        );
        const versions = meant.map(({ name, uid, resourceVersion }) => [`${name} ${uid}`, resourceVersion]);
        expect([...client.known].sort()).toEqual(versions.sort());
      };
      let version = 0;
      for (const { changes, received, end } of rounds) {
        for (const it of changes) {
          await carryOut(store, it, version++);
          await settle();
        }
        client.receive(received);
        if (end.startsWith('cut')) {
          client.cut();
          await client.connect();
        }
        if (end.endsWith('receive all')) await expectToKnowAll();
      }
      await expectToKnowAll();
      await stream.close();
      database.close();
    },
  );
  await fc.assert(run, { numRuns: 300 });
});
