// Watches pools with the typed client while another client creates one, resizes it, and deletes it.
// Start a server with `npm start`, then, in another terminal: `npm run -s example`.
// For another server, set WARMPOOL_URL, and WARMPOOL_DATA_DIR or OPENSANDBOX_SERVER_API_KEY.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { createWarmpoolClient, WarmpoolClientError, type PoolStreamEvent } from 'warmpool-client';

const url = process.env.WARMPOOL_URL ?? 'http://127.0.0.1:8080';
const dataDir = process.env.WARMPOOL_DATA_DIR ?? path.join(homedir(), '.warmpool');
const apiKey = process.env.OPENSANDBOX_SERVER_API_KEY ?? readFileSync(path.join(dataDir, 'api-key'), 'utf8').trim();
const NAME = 'example';

const watcher = createWarmpoolClient({ url, apiKey });
const worker = createWarmpoolClient({ url, apiKey });

const describe = (event: PoolStreamEvent): string => {
  switch (event.type) {
    case 'added':
    case 'modified': {
      const { name, capacitySpec, status } = event.pool;
      return `${event.type} ${name}: ${status?.available ?? 0} available, bufferMin ${capacitySpec.bufferMin}`;
    }
    case 'deleted':
      return `deleted ${event.name}`;
    case 'bookmark':
      return 'the current state is complete';
    case 'reset':
      return 'start again';
  }
};

const waiting = new Set<{ matches: (event: PoolStreamEvent) => boolean; resolve: () => void }>();
/** Resolves after the next event that matches. */
const until = (matches: (event: PoolStreamEvent) => boolean): Promise<void> =>
  new Promise((resolve) => waiting.add({ matches, resolve }));

const subscription = watcher.pools.watch.subscribe(
  { name: NAME },
  {
    onData: ({ data: event }) => {
      console.log(`watcher: ${describe(event)}`);
      for (const waiter of waiting)
        if (waiter.matches(event)) {
          waiting.delete(waiter);
          waiter.resolve();
        }
    },
    // The client reconnects by itself; without this line nobody would know that it waits.
    onConnectionStateChange: ({ error }) => {
      if (error) console.error(`watcher: ${error.message}`);
    },
    onError: (error) => {
      console.error(`watcher: ${error.message}`);
      process.exit(1);
    },
  },
);
const hasAvailable = (count: number) => (event: PoolStreamEvent) =>
  'pool' in event && event.pool.status?.available === count;

try {
  await until(({ type }) => type === 'bookmark');

  const warm = until(hasAvailable(2));
  const created = await worker.pools.create.mutate({
    name: NAME,
    template: { spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } },
    capacitySpec: { bufferMin: 2, bufferMax: 3, poolMin: 0, poolMax: 10 },
    // A repetition after a timeout returns the pool that the first call created.
    idempotencyKey: crypto.randomUUID(),
  });
  console.log(`worker: created ${created.name}`);
  await warm;

  const trial = await worker.pools.patch.mutate({ name: NAME, capacitySpec: { bufferMin: 3 }, dryRun: true });
  console.log(`worker: the plan: ${trial.plan?.sentence ?? ''}`);
  const grown = until(hasAvailable(3));
  // Applied only if the pool has not changed since the dry run.
  await worker.pools.patch.mutate({ name: NAME, capacitySpec: { bufferMin: 3 }, ifMatch: trial.etag });
  console.log('worker: resized it');
  await grown;

  const gone = until(({ type }) => type === 'deleted');
  await worker.pools.delete.mutate({ name: NAME });
  console.log('worker: deleted it');
  await gone;
} catch (error) {
  if (!(error instanceof WarmpoolClientError)) throw error;
  console.error(`worker: ${error.code}: ${error.message}`);
  process.exitCode = 1;
} finally {
  subscription.unsubscribe();
}
