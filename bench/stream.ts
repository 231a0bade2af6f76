// The stream of pools with 1 000 clients: fan-out beside a bare node:http stream, a steady load, slow clients, reconnect
// storms, and tRPC subscriptions. The servers, all clients, and what changes the pools are processes of their own.
import { startChild } from './child.ts';
import { Measures } from './stream/measures.ts';
import { Warmpool } from './stream/warmpool.ts';

const CLIENTS = 1_000;
const POOLS = 100;
const MANY_POOLS = 2_000;
/** The server remembers 10 000 to 20 000 changes. */
const CHANGES_BEFORE = 20_000;
const SUBSCRIBERS = 200;

export const benchStream = async () => {
  const warmpool = await Warmpool.start();
  const clients = await startChild('stream/clients.ts', 'begin');
  const emitter = await startChild('stream/emitter.ts', 'begin');
  const bench = new Measures(warmpool, clients);
  await warmpool.grow(POOLS);
  await warmpool.churn(CHANGES_BEFORE);

  const pools = MANY_POOLS;
  const bare = { url: emitter.url, headers: {} };
  await bench.ask({ ask: 'open', group: 'bare', target: bare, count: CLIENTS, pools });
  const open = await bench.ask({ ask: 'open', group: 'warmpool', target: warmpool.stream, count: CLIENTS, pools });
  const fanOut = await bench.fanOut({ bare: `${emitter.url}/emit`, warmpool: undefined });
  await bench.ask({ ask: 'close', group: 'bare' });
  await emitter.stop();
  console.log(open, fanOut);
  const steady = await bench.steady('warmpool');
  console.log(steady);
  const slow = await bench.slow('warmpool');
  console.log(slow);
  const resumed = await bench.storm('warmpool', true);
  const anew = await bench.storm('warmpool', false);
  console.log(resumed, anew);
  await bench.ask({ ask: 'close', group: 'warmpool' });
  const count = SUBSCRIBERS;
  await bench.ask({ ask: 'open', group: 'subscription', target: warmpool.subscription, count, pools });
  await bench.ask({ ask: 'open', group: 'stream', target: warmpool.stream, count, pools });
  const subscriptions = await bench.fanOut({ subscription: undefined });
  await bench.ask({ ask: 'close', group: 'subscription' });
  const streams = await bench.fanOut({ stream: undefined });
  await bench.ask({ ask: 'close', group: 'stream' });
  console.log(subscriptions, streams);
  await warmpool.grow(MANY_POOLS);
  await bench.ask({ ask: 'open', group: 'warmpool', target: warmpool.stream, count: CLIENTS, pools });
  const anewOfMany = await bench.storm('warmpool', false);
  console.log(anewOfMany);
  await clients.stop();
  await warmpool.stop();
  return { open, fanOut, steady, slow, resumed, anew, anewOfMany, subscriptions, streams };
};
console.log(await benchStream());
