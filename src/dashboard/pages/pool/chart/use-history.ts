// The history of a pool, for a range that ends now.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { SAMPLE_SECONDS } from '../../../../contract/limits.ts';
import type { PoolHistory } from '../../../../contract/history.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { client } from '../../../api/client.ts';

/** As many points as a wide chart has room for. */
const POINTS_MAX = 360;

const stepFor = (minutes: number): number =>
  Math.max(1, Math.ceil((minutes * 60) / POINTS_MAX / SAMPLE_SECONDS)) * SAMPLE_SECONDS;

export const useHistory = ({ name, uid }: PoolResponse, minutes: number) =>
  useQuery<PoolHistory>({
    queryKey: ['history', uid, minutes],
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - minutes * 60_000).toISOString();
      return client.pools.history.query({ name, from, step: stepFor(minutes) }, { signal });
    },
    placeholderData: keepPreviousData,
    refetchInterval: SAMPLE_SECONDS * 1_000,
  });
