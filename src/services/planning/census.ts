// Counts a pool's members in the terms of the scaling rule.
import type { ObservedMember, ObservedPool } from './observed-pool.ts';

export const isStarting = ({ phase }: ObservedMember) => phase === 'starting';
export const isReady = ({ phase }: ObservedMember) => phase === 'ready';
export const isStuck = ({ phase, isStuck: isOverdue = false }: Pick<ObservedMember, 'phase' | 'isStuck'>) =>
  phase === 'terminating' && isOverdue;
const isFailed = ({ phase }: ObservedMember) => phase === 'failed';

/** The members of a pool by what the rule does with them. Every member is failed, requested, scheduled or terminating. */
export const takeCensus = ({ members, toRemove, capacitySpec }: CensusInput) => {
  const failed = members.filter(isFailed);
  const alive = members.filter((member) => isStarting(member) || isReady(member));
  const requested = alive.filter(({ name }) => toRemove.has(name));
  const scheduled = alive.filter(({ name }) => !toRemove.has(name));
  const idle = scheduled.filter(({ allocated }) => !allocated);
  const leftOut = Math.min(members.filter(isStuck).length, stuckAllowance(capacitySpec));
  return {
    failed,
    /** Starting or ready, and to be recycled or evicted. */
    requested,
    /** Starting or ready, and to stay: S of the rule. The counts below are of these. */
    scheduled,
    idle,
    allocated: scheduled.length - idle.length,
    /** notReady of the rule. A claim suspends readiness, so allocated members are never included. */
    starting: idle.filter(isStarting).length,
    /** Every member that still exists, without the stuck ones that are left out: T of the rule. */
    existing: members.length - leftOut,
    terminating: members.length - alive.length - failed.length - leftOut,
  };
};

type CensusInput = Pick<ObservedPool, 'members' | 'toRemove' | 'capacitySpec'>;

/** Maximum number of stuck members that do not keep others from being started. */
export const stuckAllowance = ({ poolMax }: ObservedPool['capacitySpec']): number =>
  Math.max(1, Math.ceil(poolMax / 4));

export type Census = ReturnType<typeof takeCensus>;

/** What each part of a step is computed from. */
export interface Situation {
  readonly pool: ObservedPool;
  readonly census: Census;
  readonly desired: number;
  /** Set while nothing may be started, epoch milliseconds. */
  readonly backOffUntilMs: number | undefined;
}
