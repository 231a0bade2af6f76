// What the stream does not say of pools: claims, history and the last decision. Read again every ten seconds.
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { PoolResponse } from '../../../contract/pool.ts';
import { isNotSupported, trpc } from '../../api/client.ts';

const REFETCH_MS = 10_000;

export const useSummaries = () => {
  const { data, error, refetch } = useQuery({
    ...trpc.pools.summaries.queryOptions(),
    refetchInterval: ({ state }) => !isNotSupported(state.error) && REFETCH_MS,
  });
  const byName = useMemo(() => new Map(data?.items.map((summary) => [summary.name, summary])), [data]);
  const summaryOf = useCallback(
    ({ name, uid }: PoolResponse) => {
      const summary = byName.get(name);
      // A pool that was created again under this name has nothing of the one before.
      return summary?.uid === uid ? summary : undefined;
    },
    [byName],
  );
  return {
    summaryOf,
    isLoading: data === undefined && error === null,
    isSupported: !isNotSupported(error),
    /** Why there are none. While older ones are shown, the next attempt decides. */
    error: data === undefined ? error : null,
    refetch,
  };
};

export type Summaries = ReturnType<typeof useSummaries>;
