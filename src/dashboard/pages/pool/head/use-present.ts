// What is known about a pool at this moment: the sentence, the numbers, and what the advice depends on.
import { useQuery } from '@tanstack/react-query';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { trpc } from '../../../api/client.ts';
import type { Capacity } from '../../../pool/capacity-bar-geometry.ts';
import { capacityOf, capacityOfMembers } from '../../../pool/capacity-of.ts';
import { conditionOf } from '../../../pool/pool-state.ts';
import { usePlan } from '../../../pool/use-plan.ts';
import { useMembers } from '../../../pool/use-members.ts';
import { startTimesOf } from '../start-times.ts';
import { OLD_CLAIM_MS, type Situation } from './what-to-do.ts';

export type Present = {
  /** Undefined until it is known. */
  readonly sentence: string | undefined;
  readonly situation: Situation;
  readonly capacity: Capacity;
};

export const usePresent = (pool: PoolResponse): Present => {
  const { name } = pool;
  const told = toldByCondition(pool);
  const { data: preview, isError } = usePlan(name, {});
  const members = useMembers(pool).data?.items;
  const isLimited = conditionOf(pool, 'ScalingLimited')?.status === 'True';
  const plan = preview?.plan;
  const waiting = plan?.observed?.unmet;
  const situation: Situation = {
    pool,
    plan,
    starting: members?.filter(({ phase }) => phase === 'starting').length ?? 0,
    startMs: members && startTimesOf(pool, members)?.medianMs,
    oldClaims: useOldClaims(name, isLimited),
  };
  // Where no plan can be made, the first condition says what is known.
  const fallback = isError
    ? (pool.status?.conditions?.[0]?.message ?? 'Nothing has been observed of this pool.')
    : undefined;
  const capacity = members ? capacityOfMembers(pool, members, waiting) : capacityOf(pool, waiting);
  return { sentence: told ?? plan?.sentence ?? fallback, situation, capacity };
};

/** The conditions that say more than the plan does. */
const toldByCondition = (pool: PoolResponse): string | undefined => {
  const told = (['Unreadable', 'Degraded'] as const).map((type) => conditionOf(pool, type));
  return told.find((condition) => condition?.status === 'True')?.message;
};

const CLAIMS_MAX = 1_000;
const CLAIMS_INTERVAL_MS = 10_000;

/** Read only while it matters. */
const useOldClaims = (name: string, enabled: boolean): number | undefined => {
  const options = { enabled, retry: false, refetchInterval: CLAIMS_INTERVAL_MS };
  const { data } = useQuery(trpc.claims.list.queryOptions({ name, limit: CLAIMS_MAX }, options));
  return data?.items.filter(({ boundAt }) => Date.now() - Date.parse(boundAt) > OLD_CLAIM_MS).length;
};
