// All pools, for counts and orders: they change at most twice a second, and at once after a pause. The rows in view do
// not wait: each follows its own pool.
import { livePools } from '../../api/live-pools.ts';
import { Store, useStore } from '../../api/store.ts';

const INTERVAL_MS = 500;

const calmPools = new Store(livePools.get().pools);
let waiting: ReturnType<typeof setTimeout> | undefined;

const publish = (): void => {
  calmPools.set(livePools.get().pools);
  waiting = setTimeout(() => {
    waiting = undefined;
    if (calmPools.get() !== livePools.get().pools) publish();
  }, INTERVAL_MS);
};

livePools.subscribe(() => {
  if (waiting === undefined && calmPools.get() !== livePools.get().pools) publish();
});

/** Undefined until the initial state is complete. */
export const useCalmPools = () => useStore(calmPools, (pools) => pools);
