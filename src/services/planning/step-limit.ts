// What keeps a step from reaching the desired size at once.
import type { Situation } from './census.ts';
import type { Growth, Shrink } from './resize.ts';
import type { Rollout } from './rollout.ts';

export type StepLimit =
  | { readonly code: 'BackingOff'; readonly untilMs: number }
  | { readonly code: 'PullingImage' }
  | { readonly code: 'PoolMax'; readonly poolMax: number; readonly existing: number; readonly terminating: number }
  | { readonly code: 'WaitingForStarts'; readonly starting: number }
  | { readonly code: 'MaxUnavailable'; readonly of: 'start' | 'update' | 'shrink'; readonly count: number };

type Step = { readonly rollout: Rollout; readonly growth: Growth; readonly shrink: Shrink };

/**
 * The limit that applies; if several apply, the first of: backing off, poolMax, waiting for members to start, maxUnavailable.
 * Undefined when the step reaches the desired size.
 */
export const stepLimit = (
  { pool, census, backOffUntilMs }: Situation,
  { rollout, growth, shrink }: Step,
): StepLimit | undefined => {
  const { poolMax } = pool.capacitySpec;
  const { existing, terminating, starting } = census;
  const staleLeft = rollout.stale.length - rollout.replaced.length - shrink.staleSurplus;
  const isGrowing = growth.lacking > 0;
  if (backOffUntilMs !== undefined && (isGrowing || staleLeft > 0))
    return { code: 'BackingOff', untilMs: backOffUntilMs };

  if (isGrowing && poolMax - existing < growth.lacking) return { code: 'PoolMax', poolMax, existing, terminating };

  const isUpdateWaiting = staleLeft > 0 && rollout.budget === 0;
  if ((isGrowing && growth.startable <= 0) || isUpdateWaiting)
    return { code: 'WaitingForStarts', starting: starting - rollout.starting + growth.create };

  if (isGrowing && growth.startable < growth.lacking)
    return { code: 'MaxUnavailable', of: 'start', count: growth.limit };
  if (staleLeft > 0) return { code: 'MaxUnavailable', of: 'update', count: rollout.limit };
  if (shrink.limit < shrink.excess) return { code: 'MaxUnavailable', of: 'shrink', count: shrink.limit };
  return undefined;
};
