// How many members the clients that wait for one of this pool need.
import { useQuery } from '@tanstack/react-query';
import type { PoolResponse } from '../../../contract/pool.ts';
import { client, trpc } from '../../api/client.ts';
import { usePoolQuery } from '../../pool/use-pool-query.ts';
import { waitingOf } from './waiting.ts';

const INTERVAL_MS = 5_000;

/** Undefined while unknown. */
export const useWaiting = (pool: PoolResponse): number | undefined => {
  const options = { refetchInterval: INTERVAL_MS, retry: false };
  const summaries = useQuery(trpc.pools.summaries.queryOptions({ namePrefix: pool.name }, options));
  const decisions = usePoolQuery(pool, ['decisions', 1], (signal) =>
    client.pools.decisions.query({ name: pool.name, limit: 1 }, { signal }),
  );
  const sampled = summaries.data?.items.find(({ uid }) => uid === pool.uid)?.unmet;
  return waitingOf(sampled, decisions.data?.items[0], Date.now());
};
