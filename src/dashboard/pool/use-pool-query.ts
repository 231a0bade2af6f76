// Something that belongs to a pool and changes with it: read again whenever the pool's status changes, at most once a
// second, and every five seconds for what the status does not show.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { PoolResponse } from '../../contract/pool.ts';
import { queryClient } from '../api/client.ts';

const THROTTLE_MS = 1_000;
const INTERVAL_MS = 5_000;

const keyOf = (poolUid: string) => ['of pool', poolUid] as const;

/** Reads everything of a pool again that is on the page. */
export const refreshPool = (poolUid: string): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: keyOf(poolUid) });

/** `what` names what is read, with everything that `read` depends on besides the pool. */
export const usePoolQuery = <Data>(
  { uid, resourceVersion }: PoolResponse,
  what: readonly unknown[],
  read: (signal: AbortSignal) => Promise<Data>,
) => {
  const query = useQuery<Data>({
    queryKey: [...keyOf(uid), ...what],
    queryFn: async ({ client, queryKey, signal }) => {
      // All readers of a query share its read: those that ask during the pause get what is true at its end.
      const { dataUpdatedAt = 0, errorUpdatedAt = 0 } = client.getQueryState(queryKey) ?? {};
      await pause(Math.max(dataUpdatedAt, errorUpdatedAt) + THROTTLE_MS - Date.now());
      signal.throwIfAborted();
      return read(signal);
    },
    placeholderData: keepPreviousData,
    refetchInterval: INTERVAL_MS,
  });
  const { refetch } = query;
  useEffect(() => {
    void refetch({ cancelRefetch: false });
  }, [resourceVersion, refetch]);
  return query;
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
