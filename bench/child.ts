// A server in a process of its own: it is sent what it shall serve, and says where.
import { fork } from 'node:child_process';
import { once } from 'node:events';

export type Usage = { rssMb: number; cpuSeconds: number };

/** What a child says: first its URL and how long it took, then its usage whenever it is asked. */
export type Started = { url: string; startMs: number };

const take = async <Message>(source: NodeJS.EventEmitter): Promise<Message> => {
  const [message] = (await once(source, 'message')) as [Message];
  return message;
};

/** @param file Module beside this one. @param order What the child is sent first. */
export const startChild = async (file: string, order: object | string) => {
  const child = fork(new URL(file, import.meta.url), { env: { ...process.env, NODE_ENV: 'production' } });
  process.once('exit', () => child.kill('SIGKILL'));
  child.once('exit', (code) => {
    if (code !== 0 && code !== null) throw new Error(`${file} ended with code ${code}.`);
  });
  child.send(order);
  const started = await take<Started>(child);
  return {
    ...started,
    usage: (): Promise<Usage> => {
      child.send('usage');
      return take<Usage>(child);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
};
