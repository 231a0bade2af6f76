// Conditions of a pool whose status another controller writes: computed from that status and the specification.
import type { CapacitySpec } from '../../contract/capacity-spec.ts';
import { ready, scalingLimited, type Verdict } from './conditions.ts';
import { countOf } from './wording.ts';

/** What another controller told of a pool. */
type ReportedStatus = {
  readonly total: number;
  readonly allocated: number;
  readonly available: number;
  /** Members of the present revision; undefined where the controller does not tell. */
  readonly updated?: number | undefined;
  /** The generation that the status speaks of; undefined where the controller does not tell. */
  readonly observedGeneration?: number | undefined;
};

type Reported = {
  readonly status: ReportedStatus;
  readonly capacitySpec: CapacitySpec;
  /** The pool's present generation. */
  readonly generation: number;
};

/**
 * Ready, Progressing and ScalingLimited, in this order. Degraded cannot be known from outside. OpenSandbox's controller
 * holds the members that are available, not those in prospect, within [bufferMin, bufferMax].
 */
export const reportedConditions = ({ status, capacitySpec, generation }: Reported): Verdict[] => {
  const { total, allocated, available, updated = total } = status;
  const size = {
    desired: Math.max(allocated + capacitySpec.bufferMin, capacitySpec.poolMin),
    updated,
    observed: { total, allocated, available, starting: Math.max(0, total - allocated - available), unmet: 0 },
  };
  return [
    ready(size, capacitySpec),
    progressing({ status, capacitySpec, generation }),
    scalingLimited(size, capacitySpec),
  ];
};

const progressing = ({ status, capacitySpec, generation }: Reported): Verdict => {
  const { total, available, updated = total, observedGeneration = generation } = status;
  const { bufferMin, bufferMax, poolMin, poolMax } = capacitySpec;
  const isWanting = available < bufferMin || total < poolMin;
  const because = (reason: Verdict['reason'], message: string): Verdict => ({
    type: 'Progressing',
    status: reason === 'Settled' ? 'False' : 'True',
    reason,
    message,
  });
  if (isWanting && total < poolMax)
    return because('Growing', `${available} of ${countOf(total, 'member')} available; bufferMin is ${bufferMin}.`);
  if (available > bufferMax && total > poolMin)
    return because('Shrinking', `${countOf(available, 'member')} available; bufferMax is ${bufferMax}.`);
  if (updated < total) return because('RollingOut', `${updated} of ${countOf(total, 'member')} are updated.`);
  if (observedGeneration < generation)
    return because('RollingOut', `The controller has seen generation ${observedGeneration} of ${generation}.`);
  return because(
    'Settled',
    isWanting ? 'The pool can do no more within poolMax.' : 'The pool has the members that it wants.',
  );
};
