// What a page of a pool reads beside the stream (members, claims, decisions) is read again when the pool's status
// changes, at most once a second.
import { useThrottledValue } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { PoolResponse } from '../../../contract/pool.ts';
import { trpc } from '../../api/client.ts';

const THROTTLE_MS = 1_000;

/** A list of thousands of members takes the server and the page more time. */
const THROTTLE_LARGE_MS = 5_000;
const LARGE = 500;

export const useRefresh = ({ name, resourceVersion, status }: PoolResponse): void => {
  const queryClient = useQueryClient();
  const isLarge = (status?.total ?? 0) > LARGE;
  const version = useThrottledValue(resourceVersion, isLarge ? THROTTLE_LARGE_MS : THROTTLE_MS);
  useEffect(() => {
    // Queries that nobody shows are read again when they are shown.
    void queryClient.invalidateQueries(trpc.pools.members.queryFilter({ name }));
    void queryClient.invalidateQueries(trpc.pools.decisions.queryFilter({ name }));
    void queryClient.invalidateQueries(trpc.claims.list.queryFilter({ name }));
  }, [queryClient, name, version]);
};
