// The history where another controller decides: what the status of a pool reports, in memory.
import { MemorySampleStore } from './memory-sample-store.ts';
import type { HistorySource } from './ports.ts';
import { ONE_DAY } from './retention.ts';

/** @param isCurrent Whether the pools that the store lists are current. */
export const reportedHistory = (isCurrent: () => boolean): HistorySource => ({
  samples: new MemorySampleStore(),
  retention: ONE_DAY,
  isCurrent,
  gauges: ({ status }) => {
    // A status without a revision has conditions only: nothing was observed.
    const isObserved = status !== undefined && status.revision !== '';
    return {
      available: isObserved ? status.available : null,
      allocated: isObserved ? status.allocated : null,
      desired: null,
      starting: null,
      unmet: null,
    };
  },
  lastDecision: () => undefined,
});
