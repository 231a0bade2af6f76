// What is known about a pool at this moment: the sentence, the numbers, and what the advice depends on.
import { useQuery } from '@tanstack/react-query';
import { PAGE_MAX_LIMIT } from '../../../../contract/limits.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { trpc } from '../../../api/client.ts';
import type { Capacity } from '../../../pool/capacity-bar-geometry.ts';
import { capacityOf, capacityOfMembers } from '../../../pool/capacity-of.ts';
import { conditionOf, conditionSentence } from '../../../pool/pool-state.ts';
import { usePlan } from '../../../pool/use-plan.ts';
import { useMembers } from '../../../pool/use-members.ts';
import { OLD_CLAIM_MS, type Situation } from '../../../pool/what-to-do.ts';
import { startTimesOf } from '../start-times.ts';

export type Present = {
  /** Undefined until it is known. */
  readonly sentence: string | undefined;
  readonly situation: Situation;
  readonly capacity: Capacity;
};

export const usePresent = (pool: PoolResponse): Present => {
  const { name } = pool;
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
  // Where there can be no plan, the first condition says what is known.
  const fallback = isError
    ? (pool.status?.conditions?.[0]?.message ?? 'This pool has not reported a status yet.')
    : undefined;
  const capacity = members ? capacityOfMembers(pool, members, waiting) : capacityOf(pool, waiting);
  return { sentence: conditionSentence(pool) ?? plan?.sentence ?? fallback, situation, capacity };
};

const CLAIMS_INTERVAL_MS = 10_000;

/** Read only while it matters. */
const useOldClaims = (name: string, enabled: boolean): number | undefined => {
  const options = { enabled, retry: false, refetchInterval: CLAIMS_INTERVAL_MS };
  const { data } = useQuery(trpc.claims.list.queryOptions({ name, limit: PAGE_MAX_LIMIT }, options));
  return data?.items.filter(({ boundAt }) => Date.now() - Date.parse(boundAt) > OLD_CLAIM_MS).length;
};
