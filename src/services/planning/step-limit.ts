// What holds a step back from doing all that is wanted.
import type { Reason } from '../../contract/decision.ts';
import { rfc3339 } from '../../lib/rfc3339.ts';
import { countOf } from './wording.ts';

/** What there was to do in one step, and how much of it each limit lets through. */
export interface StepFacts {
  /** Set while nothing may be started, epoch milliseconds. */
  readonly backingOffUntilMs: number | undefined;
  readonly poolMax: number;
  /** Every member that exists, and the terminating ones among them. */
  readonly existing: number;
  readonly terminating: number;
  /** Starting members that the step leaves alone. */
  readonly starting: number;
  /** Members to create and to shrink by, before limits; what was made of it. */
  readonly lacking: number;
  readonly excess: number;
  readonly create: number;
  /** Stale idle members that the update leaves for later, how many ready ones it might take at most, and now. */
  readonly staleLeft: number;
  readonly updateLimit: number;
  readonly updateBudget: number;
  /** scaleStrategy.maxUnavailable of the desired and of the present size. */
  readonly startLimit: number;
  readonly shrinkLimit: number;
}

/**
 * The limit that holds; of several the first of: backing off, poolMax, waiting for members to start, maxUnavailable.
 * Undefined when the step does all that is wanted.
 */
export const stepLimit = (facts: StepFacts): Reason | undefined => {
  const isHeldBack = facts.lacking > 0 || facts.staleLeft > 0;
  if (facts.backingOffUntilMs !== undefined && isHeldBack)
    return {
      code: 'BackingOff',
      message: `Starts keep failing: no new one before ${rfc3339(facts.backingOffUntilMs)}.`,
    };

  const room = facts.poolMax - facts.existing;
  if (facts.lacking > 0 && room < facts.lacking)
    return {
      code: 'PoolMax',
      message: `poolMax ${facts.poolMax} leaves room for ${Math.max(0, room)} more: ${facts.existing} exist, ${facts.terminating} of them terminating.`,
    };

  const startable = facts.startLimit - facts.starting;
  const isUpdateWaiting = facts.staleLeft > 0 && facts.updateBudget === 0;
  if ((facts.lacking > 0 && startable <= 0) || isUpdateWaiting)
    return {
      code: 'WaitingForStarts',
      message: `Waiting for ${countOf(facts.starting + facts.create, 'member')} to start.`,
    };

  const message = maxUnavailableMessage(facts, startable);
  return message === undefined ? undefined : { code: 'MaxUnavailable', message };
};

const maxUnavailableMessage = (facts: StepFacts, startable: number) => {
  if (facts.lacking > 0 && startable < facts.lacking)
    return `At most ${facts.startLimit} may be starting at once (scaleStrategy.maxUnavailable).`;
  if (facts.staleLeft > 0)
    return `At most ${facts.updateLimit} may be missing during an update (updateStrategy.maxUnavailable).`;
  if (facts.shrinkLimit < facts.excess)
    return `At most ${facts.shrinkLimit} may go in one pass (scaleStrategy.maxUnavailable).`;
  return undefined;
};
