// A pool's conditions, from its counts and its capacity.
import type { CapacitySpec } from '../../contract/capacity-spec.ts';
import type { Condition } from '../../contract/conditions.ts';
import type { Plan } from './plan.ts';
import { rfc3339 } from '../../lib/rfc3339.ts';
import { countOf } from './wording.ts';

/** A condition before it is known since when it holds. */
export type Verdict = Omit<Condition, 'lastTransitionTime'>;

/** The part of a plan that conditions are made of; where there is no plan, a reported status gives the same. */
type SizeFacts = Pick<Plan, 'desired' | 'observed' | 'updated'>;

/** Creation pauses because starts keep failing. */
interface BackOff {
  /** When the next start may come, epoch milliseconds. */
  readonly untilMs: number;
  /** What the last failed start said. */
  readonly lastError: string;
}

export interface LocalFacts {
  readonly plan: SizeFacts;
  readonly capacitySpec: CapacitySpec;
  /** Present from the first failed start until one succeeds, also after `untilMs`. */
  readonly backOff?: BackOff | undefined;
  /** The conditions told last; of these, the times of what did not change are kept. */
  readonly previous?: readonly Condition[] | undefined;
  readonly nowMs: number;
}

/** Ready, Progressing, ScalingLimited and Degraded, in this order: what the local runtime tells in every status. */
export const localConditions = ({ plan, capacitySpec, backOff, previous = [], nowMs }: LocalFacts): Condition[] =>
  [...sizeConditions(plan, capacitySpec), degraded(backOff)].map((verdict) => {
    const before = previous.find(({ type, status }) => type === verdict.type && status === verdict.status);
    return { ...verdict, lastTransitionTime: before?.lastTransitionTime ?? rfc3339(nowMs) };
  });

/**
 * Ready, Progressing and ScalingLimited. Their figures are of the specification or go with those of the status, since a
 * message that changes alone is a write of its own.
 */
const sizeConditions = (size: SizeFacts, capacity: CapacitySpec): Verdict[] => [
  ready(size, capacity),
  progressing(size, capacity),
  scalingLimited(size, capacity),
];

/** Whether enough members are available. */
export const ready = ({ observed: { available } }: SizeFacts, { bufferMin }: CapacitySpec): Verdict => {
  const message = `${countOf(available, 'member')} ${available === 1 ? 'is' : 'are'} available; bufferMin is ${bufferMin}.`;
  if (available >= bufferMin) return { type: 'Ready', status: 'True', reason: 'BufferMet', message };
  return { type: 'Ready', status: 'False', reason: available === 0 ? 'Exhausted' : 'BufferLow', message };
};

const progressing = (size: SizeFacts, capacity: CapacitySpec): Verdict => {
  const { desired, updated, observed } = size;
  const { total, starting } = observed;
  const scheduled = scheduledOf(size);
  const goal = Math.min(desired, Math.max(capacity.poolMax, scheduled));
  const because = (reason: Verdict['reason'], message: string): Verdict => ({
    type: 'Progressing',
    status: reason === 'Settled' ? 'False' : 'True',
    reason,
    message,
  });
  const growing = `${scheduled} of ${countOf(goal, 'member')} exist, ${starting} of them starting.`;
  if (scheduled < goal) return because('Growing', growing);
  if (scheduled > goal) return because('Shrinking', `${countOf(scheduled, 'member')} exist, ${goal} are wanted.`);
  // Members that an update has started are part of the update, not growth.
  if (updated < total) return because('RollingOut', `${updated} of ${countOf(total, 'member')} are updated.`);
  if (starting > 0) return because('Growing', growing);
  return because(
    'Settled',
    isLimited(size, capacity) ? 'The pool can do no more within poolMax.' : 'The pool has the members that it wants.',
  );
};

/** Whether poolMax holds the pool back. */
export const scalingLimited = (size: SizeFacts, capacity: CapacitySpec): Verdict =>
  isLimited(size, capacity)
    ? {
        type: 'ScalingLimited',
        status: 'True',
        reason: 'PoolMax',
        message: `More members are wanted than poolMax ${capacity.poolMax} allows.`,
      }
    : { type: 'ScalingLimited', status: 'False', reason: 'NotLimited', message: 'poolMax holds nothing back.' };

const degraded = (backOff: BackOff | undefined): Verdict =>
  backOff
    ? {
        type: 'Degraded',
        status: 'True',
        reason: 'StartFailing',
        message: `Starts keep failing; next try at ${rfc3339(backOff.untilMs)}. Last error: ${backOff.lastError}`,
      }
    : { type: 'Degraded', status: 'False', reason: 'Healthy', message: 'Members start as they should.' };

/** Lowering poolMax below what is there removes nobody, so it holds a pool back only when that wants more than it has. */
const isLimited = (size: SizeFacts, { poolMax }: CapacitySpec) => size.desired > Math.max(poolMax, scheduledOf(size));

const scheduledOf = ({ observed: { allocated, available, starting } }: SizeFacts) => allocated + available + starting;
