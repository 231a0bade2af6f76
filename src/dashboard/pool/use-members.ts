import type { PoolResponse } from '../../contract/pool.ts';
import { client } from '../api/client.ts';
import { usePoolQuery } from './use-pool-query.ts';

/** The members of a pool, current to a second. */
export const useMembers = (pool: PoolResponse) =>
  usePoolQuery(pool, ['members'], (signal) => client.pools.members.query({ name: pool.name }, { signal }));
