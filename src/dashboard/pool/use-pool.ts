// A pool, as the stream reports it, and what only a read of the pool has: its template.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { PoolResponse } from '../../contract/pool.ts';
import { client } from '../api/client.ts';
import { livePools } from '../api/live-pools.ts';
import { useStore } from '../api/store.ts';

/** Undefined until the stream has listed the pools, null if there is no such pool. */
export const useLivePool = (name: string): PoolResponse | null | undefined =>
  useStore(livePools, ({ pools }) => (pools === undefined ? undefined : (pools.get(name) ?? null)));

/** The whole pool, with its template; read again when its specification or its labels change. */
export const useFullPool = (name: string) => {
  const live = useLivePool(name);
  return useQuery<PoolResponse>({
    queryKey: ['pool', name, live ? specificationVersion(live) : ''],
    queryFn: ({ signal }) => client.pools.get.query({ name, view: 'full' }, { signal }),
    placeholderData: keepPreviousData,
    enabled: live !== null && live !== undefined,
  });
};

/** Changes with the specification, the labels and the annotations, and not with the status. */
const specificationVersion = ({ uid, generation, labels, annotations }: PoolResponse): string =>
  JSON.stringify([uid, generation, labels, annotations]);
