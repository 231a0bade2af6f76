// Conditions of a pool whose status another controller writes: computed from that status and the specification.
import type { CapacitySpec } from '../../contract/capacity-spec.ts';
import { progress, ready, rollingOut, scalingLimited, settled, type Verdict } from './conditions.ts';
import { countOf } from './wording.ts';

/** What another controller reports about a pool. */
type ReportedStatus = {
  readonly total: number;
  readonly allocated: number;
  readonly available: number;
  /** Members of the current revision; undefined where the controller does not report it. */
  readonly updated?: number | undefined;
  /** The generation that the status describes; undefined where the controller does not report it. */
  readonly observedGeneration?: number | undefined;
};

type Reported = {
  readonly status: ReportedStatus;
  readonly capacitySpec: CapacitySpec;
  /** The pool's current generation. */
  readonly generation: number;
};

/**
 * Ready, Progressing and ScalingLimited, in this order. Degraded cannot be known from outside. OpenSandbox's controller
 * keeps the available members, not the prospective ones, within [bufferMin, bufferMax].
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
  const isTooSmall = available < bufferMin || total < poolMin;
  if (isTooSmall && total < poolMax)
    return progress('Growing', `${available} of ${countOf(total, 'member')} available; bufferMin is ${bufferMin}.`);
  if (available > bufferMax && total > poolMin)
    return progress('Shrinking', `${countOf(available, 'member')} available; bufferMax is ${bufferMax}.`);
  if (updated < total) return rollingOut(updated, total);
  if (observedGeneration < generation)
    return progress('RollingOut', `The controller has observed generation ${observedGeneration} of ${generation}.`);
  return settled(isTooSmall);
};
