// How many members the clients that wait for one of this pool need.
import { useRecentDecisions } from './use-decisions.ts';

/** As of the last decision; undefined while unknown. */
export const useWaiting = (name: string): number | undefined => useRecentDecisions(name).data?.items[0]?.observed.unmet;
