// What the scaling rule would do after a change: a dry run, repeated when the change or the pool's status changes, at
// most once a second.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useThrottledValue } from '@mantine/hooks';
import type { PatchPool, PoolResponse } from '../../contract/pool.ts';
import { client } from '../api/client.ts';
import { useLivePool } from './use-pool.ts';

const THROTTLE_MS = 1_000;
/** Clients that wait show in the plan, and not in the status. */
const INTERVAL_MS = 5_000;

/** The pool as it would be, with its plan. `patch` {}: as it is, so the plan of this moment. */
export const usePlan = (name: string, patch: PatchPool, { enabled = true } = {}) => {
  const live = useLivePool(name);
  const version = useThrottledValue(live?.resourceVersion ?? '', THROTTLE_MS);
  return useQuery<PoolResponse>({
    queryKey: ['plan', name, patch, version],
    queryFn: ({ signal }) => client.pools.patch.mutate({ name, ...patch, dryRun: true }, { signal }),
    placeholderData: keepPreviousData,
    enabled: enabled && live !== null && live !== undefined,
    retry: false,
    refetchInterval: INTERVAL_MS,
    gcTime: 10_000,
  });
};
