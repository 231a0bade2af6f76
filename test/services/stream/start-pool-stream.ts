// A stream over a real store, with a clock that the test moves.
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { openDatabase, type Database } from '../../../src/services/local/sqlite/database.ts';
import { sqliteStore } from '../../support/sqlite-store.ts';
import { PoolStream } from '../../../src/services/stream/pool-stream.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { capacity, template } from '../../support/pools.ts';
import { temporaryFolder } from '../../support/test-server.ts';

export const labelled = (labels: Record<string, string> = {}) => ({
  template: template(),
  capacitySpec: capacity(0, 0),
  labels,
  annotations: {},
});

/** An update that sets these labels. */
export const relabelled = (labels: Record<string, string>) => ({
  specification: labelled(labels),
  touchesMetadata: true,
});

type Options = {
  rememberedChanges?: number;
  batchMax?: { pools: number; characters: number };
  database?: Database;
};

export const startPoolStream = ({
  database = openDatabase(path.join(temporaryFolder(), 'warmpool.db')),
  ...options
}: Options = {}) => {
  const clock = new FakeClock();
  const store = sqliteStore(database, clock);
  const stream = new PoolStream({ store, clock, ...options });
  onTestFinished(async () => {
    await stream.close();
    if (database.isOpen) database.close();
  });
  /** Resolves when the stream has received every change of the store. */
  const changesArrived = () => new Promise((resolve) => setImmediate(resolve));
  return { store, stream, clock, changesArrived };
};
