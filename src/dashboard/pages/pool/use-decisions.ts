import { DECISIONS_MAX_LIMIT } from '../../../contract/limits.ts';
import type { PoolResponse } from '../../../contract/pool.ts';
import { client } from '../../api/client.ts';
import { usePoolQuery } from '../../pool/use-pool-query.ts';

/** All decisions that are kept of a pool, newest first, current to a second. */
export const useDecisions = (pool: PoolResponse) =>
  usePoolQuery(pool, ['decisions'], (signal) =>
    client.pools.decisions.query({ name: pool.name, limit: DECISIONS_MAX_LIMIT }, { signal }),
  );
