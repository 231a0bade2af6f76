// Something that belongs to a pool and changes with it: read again whenever the pool's status changes, at most once a
// second, and every five seconds for what the status does not show.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useThrottledValue } from '@mantine/hooks';
import { useEffect } from 'react';
import type { PoolResponse } from '../../contract/pool.ts';

const THROTTLE_MS = 1_000;
const INTERVAL_MS = 5_000;

/** `what` names what is read, with everything that `read` depends on besides the pool. */
export const usePoolQuery = <Data>(
  pool: PoolResponse,
  what: readonly unknown[],
  read: (signal: AbortSignal) => Promise<Data>,
) => {
  const version = useThrottledValue(pool.resourceVersion, THROTTLE_MS);
  const query = useQuery<Data>({
    queryKey: ['of pool', pool.uid, ...what],
    queryFn: ({ signal }) => read(signal),
    placeholderData: keepPreviousData,
    refetchInterval: INTERVAL_MS,
  });
  const { refetch } = query;
  useEffect(() => {
    void refetch({ cancelRefetch: false });
  }, [version, refetch]);
  return query;
};
