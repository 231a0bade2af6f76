// How many members the clients that wait for one of this pool need.
import { useQuery } from '@tanstack/react-query';
import { trpc } from '../../api/client.ts';

const INTERVAL_MS = 5_000;

/** Undefined while unknown. */
export const useWaiting = (name: string): number | undefined => {
  const options = { refetchInterval: INTERVAL_MS, retry: false };
  const { data } = useQuery(trpc.pools.summaries.queryOptions({ namePrefix: name }, options));
  return data?.items.find((summary) => summary.name === name)?.unmet;
};
