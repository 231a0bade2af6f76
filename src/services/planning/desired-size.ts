// How many members a pool wants, and which bound of its capacity says so.
import type { CapacitySpec } from '../../contract/capacity-spec.ts';
import type { Reason, ReasonCode } from '../../contract/decision.ts';
import { countOf } from './wording.ts';

export interface SizeNow {
  /** Members that are starting or ready and shall stay. */
  readonly scheduled: number;
  /** Those among them that a claim holds. */
  readonly allocated: number;
  /** Members that waiting claims still need. */
  readonly unmet: number;
}

export interface DesiredSize {
  /** May be above poolMax, which limits creation only. */
  readonly desired: number;
  /** The bound that set it: BufferMin, BufferMax, PoolMin, or WithinBuffer when none had to. */
  readonly reason: Reason;
}

/**
 * The size that the capacity asks for: what is allocated and waited for, plus the buffer in prospect brought into
 * [bufferMin, bufferMax], and at least poolMin. Where a stored pool has bufferMin > bufferMax, bufferMax wins.
 * Source: OpenSandbox's pool controller; that members on their way count as buffer, and that waiting claims take from
 * it instead of coming on top, are corrections.
 */
export const desiredSize = (capacity: CapacitySpec, { scheduled, allocated, unmet }: SizeNow): DesiredSize => {
  const { bufferMin, bufferMax, poolMin } = capacity;
  const inProspect = scheduled - allocated - unmet;
  const buffer = Math.min(Math.max(inProspect, bufferMin), bufferMax);
  const needed = allocated + unmet + buffer;
  const desired = Math.max(needed, poolMin);

  const bound = boundOf(inProspect, buffer, bufferMin);
  const parts = [
    `Wants ${countOf(desired, 'member')}: ${allocated} allocated`,
    ...(unmet > 0 ? [`${unmet} for waiting claims`] : []),
    bound === 'WithinBuffer'
      ? `and the buffer stays at ${buffer} (bufferMin ${bufferMin}, bufferMax ${bufferMax})`
      : `and the buffer ${buffer > inProspect ? 'raised' : 'lowered'} from ${inProspect} to ${BOUND_NAMES[bound]} ${buffer}`,
  ].join(', ');
  return poolMin > needed
    ? { desired, reason: { code: 'PoolMin', message: `${parts}; raised to poolMin ${poolMin}.` } }
    : { desired, reason: { code: bound, message: `${parts}.` } };
};

const BOUND_NAMES = { BufferMin: 'bufferMin', BufferMax: 'bufferMax' } as const;

const boundOf = (inProspect: number, buffer: number, bufferMin: number) => {
  if (buffer === inProspect) return 'WithinBuffer' satisfies ReasonCode;
  return buffer === bufferMin && buffer > inProspect ? 'BufferMin' : 'BufferMax';
};
