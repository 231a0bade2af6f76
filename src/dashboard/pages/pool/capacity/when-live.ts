// Waits until a write is on the screen, so that the old values do not flash between the response and the stream.
import { livePools } from '../../../api/live-pools.ts';

const WAIT_MAX_MS = 2_000;

/** Resolves when the stream has this generation of the pool, after two seconds at the latest. */
export const whenLive = (name: string, generation: number): Promise<void> => {
  const isThere = () => (livePools.get().pools?.get(name)?.generation ?? 0) >= generation;
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
