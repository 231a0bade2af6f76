// What a user of the package writes: checked by the compiler, run on Node.js 20 and in a browser.
import type { TRPCClient } from '@trpc/client';
import {
  createWarmpoolClient,
  WarmpoolClientError,
  type AppRouter,
  type CreatePool,
  type PoolResponse,
  type PoolStreamEvent,
  type WarmpoolClient,
  type WarmpoolClientOptions,
} from 'warmpool-client';

/** Uses every kind of call, and returns what it observed. */
export const useClient = async (options: WarmpoolClientOptions) => {
  // The application's own @trpc/client is newer than the one that Warmpool is built with.
  const client: TRPCClient<AppRouter> = createWarmpoolClient(options);
  const desired: CreatePool = {
    name: 'agents',
    template: { spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } },
    capacitySpec: { bufferMin: 1, bufferMax: 2, poolMin: 0, poolMax: 3 },
  };
  const watched = watchUntilDeleted(client, desired.name);
  const created: PoolResponse = await client.pools.create.mutate(desired);
  const got = await client.pools.get.query({ name: created.name, view: 'basic' });
  // @ts-expect-error: a pool has no such field
  void got.size;
  const { items } = await client.pools.list.query();
  const error = await failureOf(client.pools.get.query({ name: 'nothing' }));
  await client.pools.delete.mutate({ name: created.name });
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
  throw new Error('The call should have failed.');
};

/** The types of the events until the pool is deleted, except `modified`. */
const watchUntilDeleted = (client: Pick<WarmpoolClient, 'pools'>, name: string) =>
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
