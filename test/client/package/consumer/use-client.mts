// What a user of the package writes: judged by the compiler, run by Node.js 20 and by a browser.
import {
  createWarmpoolClient,
  WarmpoolClientError,
  type CreatePool,
  type PoolResponse,
  type PoolStreamEvent,
  type WarmpoolClient,
  type WarmpoolClientOptions,
} from 'warmpool-client';

/** Uses every kind of call, and tells what it saw. */
export const useClient = async (options: WarmpoolClientOptions) => {
  const client = createWarmpoolClient(options);
  const wanted: CreatePool = {
    name: 'agents',
    template: { spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } },
    capacitySpec: { bufferMin: 1, bufferMax: 2, poolMin: 0, poolMax: 3 },
  };
  const watched = watchUntilDeleted(client, wanted.name);
  const made: PoolResponse = await client.pools.create.mutate(wanted);
  const got = await client.pools.get.query({ name: made.name, view: 'basic' });
  // @ts-expect-error: a pool has no such member
  void got.size;
  const { items } = await client.pools.list.query();
  const error = await failureOf(client.pools.get.query({ name: 'nothing' }));
  await client.pools.delete.mutate({ name: made.name });
  return {
    watched: await watched,
    poolMax: got.capacitySpec.poolMax,
    names: items.map(({ name }) => name),
    error: { code: error.code, status: error.status, hasRequestId: error.requestId !== undefined },
    left: (await client.pools.list.query()).items.length,
  };
};

const failureOf = async (call: Promise<unknown>): Promise<WarmpoolClientError> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof WarmpoolClientError) return error;
  }
  throw new Error('The call did not fail as it should.');
};

/** The types of the events up to the end of the pool, without those of its members' starting. */
const watchUntilDeleted = (client: WarmpoolClient, name: string) =>
  new Promise<PoolStreamEvent['type'][]>((resolve, reject) => {
    const types: PoolStreamEvent['type'][] = [];
    const subscription = client.pools.watch.subscribe(
      { name },
      {
        onData: ({ data: event }) => {
          if (event.type !== 'modified') types.push(event.type);
          if (event.type !== 'deleted') return;
          subscription.unsubscribe();
          resolve(types);
        },
        onError: reject,
      },
    );
  });
