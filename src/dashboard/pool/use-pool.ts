// A pool, as the stream tells it, and what only a read of the pool has: its template.
import { useQuery } from '@tanstack/react-query';
import type { PoolResponse } from '../../contract/pool.ts';
import { trpc } from '../api/client.ts';
import { livePools } from '../api/live-pools.ts';
import { useStore } from '../api/store.ts';

/** Undefined while the stream has not told the pools yet, null if there is no such pool. */
export const useLivePool = (name: string): PoolResponse | null | undefined =>
  useStore(livePools, ({ pools }) => (pools === undefined ? undefined : (pools.get(name) ?? null)));

/** The whole pool, with its template; read again when its specification or its labels change. */
export const useFullPool = (name: string) => {
  const live = useLivePool(name);
  const version = live === undefined || live === null ? '' : specificationVersion(live);
  return useQuery({
    ...trpc.pools.get.queryOptions({ name, view: 'full' }),
    queryKey: [...trpc.pools.get.queryKey({ name, view: 'full' }), version],
    placeholderData: (previous) => previous,
  });
};

/** Changes with the specification, the labels and the annotations, and not with the status. */
const specificationVersion = ({ uid, generation, labels, annotations }: PoolResponse): string =>
  JSON.stringify([uid, generation, labels, annotations]);
