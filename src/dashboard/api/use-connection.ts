// Whether what the page shows is current.
import { livePools } from './live-pools.ts';
import type { Connection } from './pool-feed.ts';
import { useStore } from './store.ts';

export const useConnection = (): Connection => useStore(livePools, ({ connection }) => connection);

/** Values are old: show them in grey, and disable what writes. */
export const useIsStale = (): boolean => useStore(livePools, ({ connection }) => connection.state === 'lost');
