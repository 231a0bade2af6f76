// Waits until a write is on the screen, so that the old values do not flash between the response and the stream.
import type { PoolResponse } from '../../contract/pool.ts';
import { livePools } from './live-pools.ts';

const WAIT_MAX_MS = 2_000;

const read = (name: string): PoolResponse | undefined => livePools.get().pools?.get(name);

/** Resolves when the stream has this generation of the pool, after two seconds at the latest. */
export const whenLive = (name: string, generation: number): Promise<void> =>
  until(() => (read(name)?.generation ?? 0) >= generation);

/** Resolves when the stream has the deletion of the pool, or that it waits for it; after two seconds at the latest. */
export const whenDeleted = (name: string): Promise<void> =>
  until(() => {
    const pool = read(name);
    return pool === undefined || pool.deletingSince !== undefined;
  });

const until = (isThere: () => boolean): Promise<void> => {
  if (isThere()) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const unsubscribe = livePools.subscribe(() => {
      if (isThere()) end();
    });
    const timer = setTimeout(end, WAIT_MAX_MS);
  });
};
