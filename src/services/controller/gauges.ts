// How many members a pool has at this moment, and how many the scaling rule asks for.
import { isReady, takeCensus } from '../planning/census.ts';
import { desiredSize } from '../planning/desired-size.ts';
import type { Pool } from '../pools/pool.ts';
import type { MemberTable } from './member-table.ts';
import { observe } from './observe-pool.ts';

/** The counts of a decision, without deciding. */
export const gaugesOf = (pool: Pool, members: MemberTable) => {
  const observed = observe(pool, members, undefined);
  const census = takeCensus(observed);
  return {
    desired: desiredSize(observed, census).desired,
    available: census.idle.filter(isReady).length,
    allocated: census.allocated,
    starting: census.starting,
    unmet: observed.unmet,
  };
};
