// A pool's conditions, from its counts and its capacity.
import type { CapacitySpec } from '../../contract/capacity-spec.ts';
import type { Condition } from '../../contract/conditions.ts';
import { rfc3339 } from '../../lib/clock.ts';
import type { Plan } from './decide.ts';
import { agree, countOf } from './wording.ts';

/** A condition without its lastTransitionTime. */
export type Verdict = Omit<Condition, 'lastTransitionTime'>;

/** The part of a plan that conditions depend on; without a plan, a reported status provides the same. */
type SizeFacts = Pick<Plan, 'desired' | 'observed' | 'updated'>;

/** Why a pool starts no members, and until when (epoch milliseconds). */
export interface StartBackOff {
  readonly untilMs: number;
  /** The message of the last failed start. */
  readonly lastError: string;
}

/** What can be wrong with a pool, the most severe first. */
const SEVERITY = ['ForeignController', 'StartFailing', 'StuckTerminating', 'ForeignPods'] as const;

/** Something that is wrong with a pool. `message`: what, and what to do about it. */
export interface PoolProblem {
  readonly reason: (typeof SEVERITY)[number];
  readonly message: string;
}

export interface LocalFacts {
  readonly plan: Plan;
  /** Present from the first failed start until one succeeds, even after `untilMs`. */
  readonly backOff?: StartBackOff | undefined;
  /** What is wrong besides starts that fail, in any order. Default: nothing. */
  readonly problems?: readonly PoolProblem[] | undefined;
  /** What keeps members from being started until it is done. */
  readonly preparing?: { readonly reason: 'PullingImage'; readonly message: string } | undefined;
  /** The conditions of the stored status; those whose status is unchanged keep their times. */
  readonly previous?: readonly Condition[] | undefined;
  readonly nowMs: number;
}

/** Ready, Progressing, ScalingLimited and Degraded, in this order, for pools that Warmpool's own controller manages. */
export const localConditions = (facts: LocalFacts): Condition[] => {
  const { plan, preparing, previous = [], nowMs } = facts;
  const { capacity } = plan;
  const progressed = preparing ? progress(preparing.reason, preparing.message) : progressing(plan, capacity);
  const verdicts = [ready(plan, capacity), progressed, scalingLimited(plan, capacity), degraded(facts)];
  return verdicts.map((now) => {
    const before = previous.find(({ type, status }) => type === now.type && status === now.status);
    return { ...now, lastTransitionTime: before?.lastTransitionTime ?? rfc3339(nowMs) };
  });
};

// The figures in the messages come from the specification or change with those of the status: a message that changed
// alone would cause a write of its own. Only the progress of a pull is: once a second.

const verdict = (type: Verdict['type'], isTrue: boolean, reason: Verdict['reason'], message: string): Verdict => ({
  type,
  status: isTrue ? 'True' : 'False',
  reason,
  message,
});

/** Whether enough members are available. */
export const ready = ({ observed: { available } }: SizeFacts, { bufferMin }: CapacitySpec): Verdict => {
  const message = `${countOf(available, 'member')} ${agree(available, 'is', 'are')} available; bufferMin is ${bufferMin}.`;
  if (available >= bufferMin) return verdict('Ready', true, 'BufferMet', message);
  return verdict('Ready', false, available === 0 ? 'Exhausted' : 'BufferLow', message);
};

const progressing = (size: SizeFacts, capacity: CapacitySpec): Verdict => {
  const { desired, updated, observed } = size;
  const { total, starting } = observed;
  const scheduled = scheduledOf(size);
  const goal = Math.min(desired, Math.max(capacity.poolMax, scheduled));
  const growing = `${scheduled} of ${countOf(goal, 'member')} ${agree(goal, 'exists', 'exist')}, ${starting} of them starting.`;
  if (scheduled < goal) return progress('Growing', growing);
  if (scheduled > goal)
    return progress(
      'Shrinking',
      `${countOf(scheduled, 'member')} ${agree(scheduled, 'exists', 'exist')}; the desired size is ${goal}.`,
    );
  // Members that an update has started are part of the update, not growth.
  if (updated < total) return rollingOut(updated, total);
  if (starting > 0) return progress('Growing', growing);
  return settled(isLimited(size, capacity));
};

export const progress = (reason: Verdict['reason'], message: string): Verdict =>
  verdict('Progressing', reason !== 'Settled', reason, message);

export const rollingOut = (updated: number, total: number): Verdict =>
  progress('RollingOut', `${updated} of ${countOf(total, 'member')} ${agree(total, 'is', 'are')} updated.`);

export const settled = (isHeldAtPoolMax: boolean): Verdict =>
  progress('Settled', isHeldAtPoolMax ? 'The pool cannot grow: poolMax is reached.' : 'The pool has its desired size.');

/** Whether poolMax keeps the pool from its desired size. */
export const scalingLimited = (size: SizeFacts, capacity: CapacitySpec): Verdict =>
  isLimited(size, capacity)
    ? verdict('ScalingLimited', true, 'PoolMax', `The desired size is greater than poolMax ${capacity.poolMax}.`)
    : verdict('ScalingLimited', false, 'NotLimited', 'poolMax does not limit the pool.');

const degraded = ({ backOff, problems = [] }: LocalFacts): Verdict => {
  const present = [...(backOff === undefined ? [] : [startFailing(backOff)]), ...problems].sort(bySeverity);
  const [worst] = present;
  if (worst === undefined) return verdict('Degraded', false, 'Healthy', 'Members start normally.');
  return verdict('Degraded', true, worst.reason, present.map(({ message }) => message).join(' '));
};

const startFailing = ({ untilMs, lastError }: StartBackOff): PoolProblem => ({
  reason: 'StartFailing',
  message: `Starts keep failing: next try at ${rfc3339(untilMs)}. Last error: ${lastError}`,
});

const bySeverity = (one: PoolProblem, other: PoolProblem) =>
  SEVERITY.indexOf(one.reason) - SEVERITY.indexOf(other.reason);

/** Lowering poolMax removes no member, so it limits a pool only when the desired size is greater than the current one. */
const isLimited = (size: SizeFacts, { poolMax }: CapacitySpec) => size.desired > Math.max(poolMax, scheduledOf(size));

const scheduledOf = ({ observed: { allocated, available, starting } }: SizeFacts) => allocated + available + starting;
