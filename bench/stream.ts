// The stream of pools with 1 000 clients: fan-out compared with a bare node:http stream, steady load, slow clients,
// reconnect storms, and tRPC subscriptions. The servers and the clients run in separate processes.
import { startChild } from './child.ts';
import { Measures } from './stream/measures.ts';
import type { Percentiles } from './stream/percentiles.ts';
import { Warmpool } from './stream/warmpool.ts';

const CLIENTS = 1_000;
const POOLS = 100;
const MANY_POOLS = 2_000;
/** Enough changes to fill the server's log. */
const CHANGES_BEFORE = 20_000;
const SUBSCRIBERS = 200;

const ratio = (one: Percentiles | undefined, other: Percentiles | undefined, of: 'p50Ms' | 'p99Ms') =>
  Number(((one?.[of] ?? NaN) / (other?.[of] ?? NaN)).toFixed(2));

/** Throws an error if a client misses a change. */
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
      restart: await measures.storm('warmpool', false),
    };
  });
  const sse = await measures.withClients('sse', warmpool.stream, SUBSCRIBERS, () =>
    measures.fanOut({ sse: undefined }),
  );
  const trpc = await measures.withClients('trpc', warmpool.subscription, SUBSCRIBERS, () =>
    measures.fanOut({ trpc: undefined }),
  );
  await warmpool.grow(MANY_POOLS);
  const restartWithManyPools = await measures.withClients('many', warmpool.stream, CLIENTS, () =>
    measures.storm('many', false),
  );
  await clients.stop();
  await warmpool.stop();
  return { clients: CLIENTS, pools: POOLS, ...results, restartWithManyPools, subscribers: { ...sse, ...trpc } };
};

/** The results as tables. */
export const printStream = (results: Awaited<ReturnType<typeof benchStream>>): void => {
  const { fanOut, fanOutToBare, steady, slow, resume, restart, restartWithManyPools, subscribers } = results;
  console.log(`stream: from a change until the last of ${results.clients} clients has it; ratio to node:http:`);
  console.table(fanOut);
  console.log(fanOutToBare);
  console.log(`the same with ${SUBSCRIBERS} clients:`);
  console.table(subscribers);
  console.log('reconnect storms while pools change:');
  console.table({ resume, restart, [`restart, ${MANY_POOLS} pools`]: restartWithManyPools });
  console.log('steady load, and slow clients:');
  console.log(steady, slow);
};
