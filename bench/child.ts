// A server in a process of its own: it receives what to serve, and reports where. Other helpers also run as children.
import { fork } from 'node:child_process';
import { once } from 'node:events';

export type Usage = { rssMb: number; cpuSeconds: number };

/** Health of a server started with `--expose-gc`: its heap after a collection, and the longest delay of its event loop since the last question. */
export type Health = Usage & { heapMb: number; maxDelayMs: number };

/** What a child sends: first its URL and how long it took, then a reply to each question. */
export type Started = { url: string; startMs: number };

const take = async <Message>(source: NodeJS.EventEmitter): Promise<Message> => {
  const [message] = (await once(source, 'message')) as [Message];
  return message;
};

/**
 * @param file Module in this folder.
 * @param order What the child is sent first.
 * @param execArgv Options of Node.
 */
export const startChild = async (file: string, order: object | string, execArgv: readonly string[] = []) => {
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = fork(new URL(file, import.meta.url), { env, execArgv: [...execArgv] });
  process.once('exit', () => child.kill('SIGKILL'));
  child.once('exit', (code) => {
    if (code !== 0 && code !== null) throw new Error(`${file} ended with code ${code}.`);
  });
  child.send(order);
  const started = await take<Started>(child);
  /** One question at a time. */
  const ask = <Answer>(question: object | string): Promise<Answer> => {
    child.send(question);
    return take<Answer>(child);
  };
  return {
    ...started,
    ask,
    usage: () => ask<Usage>('usage'),
    health: () => ask<Health>('health'),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
};

export type Child = Awaited<ReturnType<typeof startChild>>;
