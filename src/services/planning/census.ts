// Counts a pool's members in the terms of the scaling rule.
import type { ObservedMember, ObservedPool } from './observed-pool.ts';

export const isStarting = ({ phase }: ObservedMember) => phase === 'starting';
export const isReady = ({ phase }: ObservedMember) => phase === 'ready';
const isFailed = ({ phase }: ObservedMember) => phase === 'failed';

/** The members of a pool by what the rule does with them. Every member is failed, requested, scheduled or terminating. */
export const takeCensus = ({ members, toRemove }: Pick<ObservedPool, 'members' | 'toRemove'>) => {
  const failed = members.filter(isFailed);
  const alive = members.filter((member) => isStarting(member) || isReady(member));
  const requested = alive.filter(({ name }) => toRemove.has(name));
  const scheduled = alive.filter(({ name }) => !toRemove.has(name));
  const idle = scheduled.filter(({ allocated }) => !allocated);
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
    /** Every member that still exists: T of the rule. */
    existing: members.length,
    terminating: members.length - alive.length - failed.length,
  };
};

export type Census = ReturnType<typeof takeCensus>;

/** What each part of a step is computed from. */
export interface Situation {
  readonly pool: ObservedPool;
  readonly census: Census;
  readonly desired: number;
  /** Set while nothing may be started, epoch milliseconds. */
  readonly backOffUntilMs: number | undefined;
}
