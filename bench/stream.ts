// The stream of pools with 1 000 clients: fan-out beside a bare node:http stream, a steady load, slow clients, reconnect
// storms, and tRPC subscriptions. The servers, all clients, and what changes the pools are processes of their own.
import { startChild } from './child.ts';
import { Measures } from './stream/measures.ts';
import type { Percentiles } from './stream/percentiles.ts';
import { Warmpool } from './stream/warmpool.ts';

const CLIENTS = 1_000;
const POOLS = 100;
const MANY_POOLS = 2_000;
/** What the server remembers of changes grows until it had so many. */
const CHANGES_BEFORE = 20_000;
const SUBSCRIBERS = 200;

const ratio = (one: Percentiles | undefined, other: Percentiles | undefined, of: 'p50Ms' | 'p99Ms') =>
  Number(((one?.[of] ?? NaN) / (other?.[of] ?? NaN)).toFixed(2));

/** Throws when a client missed something. */
export const benchStream = async () => {
  const warmpool = await Warmpool.start();
  const clients = await startChild('stream/clients.ts', 'begin');
  const emitter = await startChild('stream/emitter.ts', 'begin');
  const measures = new Measures(warmpool, clients);
  await warmpool.grow(POOLS);
  await warmpool.churn(CHANGES_BEFORE);

  const bare = { url: emitter.url, headers: {} };
  const results = await measures.withClients('warmpool', warmpool.stream, CLIENTS, async () => {
    const fanOut = await measures.withClients('node:http', bare, CLIENTS, () =>
      measures.fanOut({ 'node:http': `${emitter.url}/emit`, warmpool: undefined }),
    );
    await emitter.stop();
    return {
      fanOut,
      fanOutToBare: {
        p50: ratio(fanOut.warmpool, fanOut['node:http'], 'p50Ms'),
        p99: ratio(fanOut.warmpool, fanOut['node:http'], 'p99Ms'),
      },
      steady: await measures.steady('warmpool'),
      slow: await measures.slow('warmpool'),
      resume: await measures.storm('warmpool', true),
      anew: await measures.storm('warmpool', false),
    };
  });
  const sse = await measures.withClients('sse', warmpool.stream, SUBSCRIBERS, () =>
    measures.fanOut({ sse: undefined }),
  );
  const trpc = await measures.withClients('trpc', warmpool.subscription, SUBSCRIBERS, () =>
    measures.fanOut({ trpc: undefined }),
  );
  await warmpool.grow(MANY_POOLS);
  const anewWithManyPools = await measures.withClients('many', warmpool.stream, CLIENTS, () =>
    measures.storm('many', false),
  );
  await clients.stop();
  await warmpool.stop();
  return { clients: CLIENTS, pools: POOLS, ...results, anewWithManyPools, subscribers: { ...sse, ...trpc } };
};

/** The results as tables. */
export const printStream = (results: Awaited<ReturnType<typeof benchStream>>): void => {
  const { fanOut, fanOutToBare, steady, slow, resume, anew, anewWithManyPools, subscribers } = results;
  console.log(`stream: from a change until the last of ${results.clients} clients has it; p50, p99 to node:http:`);
  console.table(fanOut);
  console.log(fanOutToBare);
  console.log(`the same with ${SUBSCRIBERS} clients:`);
  console.table(subscribers);
  console.log('reconnect storms while pools change:');
  console.table({ resume, anew, [`anew, ${MANY_POOLS} pools`]: anewWithManyPools });
  console.log('steady load, and slow clients:');
  console.log(steady, slow);
};
